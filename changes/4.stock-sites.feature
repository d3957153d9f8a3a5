A stock CKAN with ckanext-dcat reads and writes our fields too: put `citizendata` behind its own profile in `ckanext.dcat.rdf.profiles`, without enabling the plugin.
