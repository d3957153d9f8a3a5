`ckan citizendata feed export` writes a catalogue's signed feed into a folder or a zip file, so that a country without a server can join; a tutorial says how.
