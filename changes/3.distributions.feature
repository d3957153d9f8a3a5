Feeds keep DCAT-AP: a format that the EU's list doesn't have is a node with a label, and no file goes without an address.
