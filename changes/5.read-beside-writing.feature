A first harvest takes half the time: records are read by the schema in a second process while others are written, 250 of them in one transaction.
