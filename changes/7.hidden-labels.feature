Words that hurt find what is meant and are told to nobody: `skos:hiddenLabel` in vocabularies.
