The dataset page answers in the order in which readers ask, names what nobody has told yet, and shows how far people decided at each step as a small picture with the same in words.
