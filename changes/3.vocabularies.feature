Twenty-two code lists ship as SKOS files, with labels in up to eight languages, sources, versions and licences.
