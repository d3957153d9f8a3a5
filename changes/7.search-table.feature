What a search finds can be taken along as a table for spreadsheets, in the reader's language.
