After a database was put back from a backup, `ckan citizendata restore` takes back again what was taken back since, before anybody reads the site, and has its feeds count anew.
