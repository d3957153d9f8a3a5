**Describe datasets in a spreadsheet**: a template with drop-downs and help in four languages, read back with a cell named for each problem.
