The RDF of a dataset can be asked for again by date, comes packed where the reader takes that, and is open to scripts of other sites.
