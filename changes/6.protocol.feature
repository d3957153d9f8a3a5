Other catalogues and registries can be written from one page, the protocol citizendata/1, and tested against it with `citizendata conformance URL`.
