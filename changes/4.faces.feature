SHACL shapes, JSON-LD context, list of search fields, spreadsheet and the reference page of all fields are made from the schema (`bin/faces write`), and `bin/check` sees that they are current.
