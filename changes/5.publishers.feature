The records of one publisher can belong to an organisation of their own: `ckan citizendata member publishers ID` and `member map ID PUBLISHER ORGANISATION`.
