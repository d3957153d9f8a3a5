Pages, RDF and files of open datasets name each other in typed links (FAIR Signposting), so that programs find their way without guessing.
