Search engines find open datasets by schema.org in their pages, under the same addresses as in the RDF.
