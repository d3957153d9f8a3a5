A catalogue tells its registries when something changed, signed and without any data; they read it within seconds, in a queue of its own.
