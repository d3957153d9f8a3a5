Where few of many records changed, they are published together, however far apart they stand in the feed: a harvest of 5,000 of which 50 changed takes little more than half as long.
