Feeds that aren't for everyone are read with a token; without one there is the same answer, whether there is such a feed or not.
