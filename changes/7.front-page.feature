The front page says what this is, whom the data count and whom they don't, and has three ways in: find data, describe yours, connect a catalogue.
