A catalogue may move to another address: `ckan citizendata move` publishes where it was, and names of records stay.
