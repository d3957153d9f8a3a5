Programs follow what happened to open datasets in a change feed, `/feed/everyone/changes.json`, page by page and without missing a step; what was taken back is told without anything about it.
