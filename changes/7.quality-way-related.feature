The dataset page tells what is described of a record's quality and what would help most, the way of the record from its community to the page, and related records for everyone.
