The key that signs snapshots can be changed so that registries follow, and replaced after it was lost or stolen (`ckan citizendata key`).
