"""The RDF profile that ckanext-dcat loads by the name `citizendata`."""
