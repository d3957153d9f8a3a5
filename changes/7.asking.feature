The dataset page says how to ask for the data, whom, and through the catalogue where a record names nobody.
