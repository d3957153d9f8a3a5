schema.org and Croissant stand in a dataset's page only where people allowed the training of artificial intelligence.
