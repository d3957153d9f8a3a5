Answers of long lists are found without accents and with any apostrophe or hyphen, in the form and in the spreadsheet: "Turkiye", "espana", "Cote d'Ivoire".
