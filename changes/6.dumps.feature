The whole catalogue can be had in one file, as N-Triples, N-Quads, Turtle, JSON-LD and as a table for spreadsheet programs, made in the background or by `ckan citizendata feed dump`.
