Every dataset and the whole catalogue can be read as RDF (Turtle, RDF/XML, JSON-LD, N-Triples) by anyone who may see them, without a loss, and what was taken back is reported as gone.
