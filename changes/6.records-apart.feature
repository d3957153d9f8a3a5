Two records of one feed that name an agent or a place differently both keep what they say.
