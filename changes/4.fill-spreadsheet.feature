`citizendata spreadsheet FILE…` writes descriptions that exist already into the spreadsheet, to be corrected there and read again.
