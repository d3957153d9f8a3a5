Harvests run by themselves: `ckan citizendata schedule` starts the background work, which renders waiting records and harvests members when they are due.
