"""What leaves the site for other programs: RDF, snapshots, changes, dumps, the protocol's documents."""
