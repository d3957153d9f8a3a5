**Organisations have a profile**: what kind of organisation it is, its countries and groups of people, its addresses and whom to ask, with a form and a page of its own.
