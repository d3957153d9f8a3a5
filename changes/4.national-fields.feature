A national catalogue adds fields and code lists of its own in files beside the shipped ones, one block a field, and has them in form, page, search and statements.
