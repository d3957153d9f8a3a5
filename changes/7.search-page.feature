The search page says how many datasets it found, in which order, what was chosen and who may get the data; where nothing is found it leads on, and on a small screen its lists are folded away.
