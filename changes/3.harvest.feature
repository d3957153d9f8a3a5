A registry harvests its members' DCAT feeds: add one with `ckan citizendata member add`, carry it over with `ckan citizendata harvest run`, and read record by record what came of it.
