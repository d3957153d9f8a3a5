How long a harvest waits for a search engine at which nobody listens is an option, `ckanext.citizendata.search_patience_seconds`.
