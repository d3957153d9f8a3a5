A record that a reader may not see answers like one that never was, in every page and action of CKAN too; an organisation's list of members doesn't name it.
