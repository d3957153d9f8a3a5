People ask for an account on a page, with the draft that they began; an administrator of the site or the organisation admits them with one click.
