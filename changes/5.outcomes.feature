What a harvest did with each record is stored as it happens, row by row: a run that ends early still tells what it did. `citizendata_harvest_show` gives them a thousand at a time.
