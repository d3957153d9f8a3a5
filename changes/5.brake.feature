How many missing records may be removed at once without a person is set for each member: `ckan citizendata member update ID --brake-records N --brake-percent P`.
