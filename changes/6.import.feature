A catalogue without a server joins by its signed feed in a folder or a zip, which `ckan citizendata harvest import` reads.
