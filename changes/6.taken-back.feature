What is withdrawn, lowered or deleted is taken from every page of every snapshot before the answer comes.
