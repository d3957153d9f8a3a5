The dataset page tells in plain words what the data are, whose, how made and how to ask for them; those who may can withdraw the record and bring it back.
