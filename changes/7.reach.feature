Where a site tells how its people are reached, its pages about connecting, about the site and for a forgotten password say so.
