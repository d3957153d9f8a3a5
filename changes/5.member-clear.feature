`ckan citizendata member clear ID` takes all records of a member away, thousands at a time, each with a tombstone; `member remove` does it the same way.
