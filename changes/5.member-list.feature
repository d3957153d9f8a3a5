The list of members tells counts that are kept beside them, a page at a time, so that a million records don't slow it down.
