A site **serves its own metadata model** under `/citizendata/`: ontology, SHACL shapes, JSON-LD context, spreadsheet and the list of fields, each with what the site adds.
