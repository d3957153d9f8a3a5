The catalogue's pages come from snapshots, which stay whole while others edit: packed, in parts, with names of their state, and sent before CKAN looks at the request.
