A record of a feed with more than 20,000 statements, or with a value of more than a million characters, is refused by name; the others of its page are taken.
