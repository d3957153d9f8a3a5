`ckan citizendata reconcile` restores the search index and the background rounds from the database, what everybody finds and may not see before all else; the background work does it once a day.
