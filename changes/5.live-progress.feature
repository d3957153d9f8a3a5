While a catalogue is harvested, its page says how far that is.
