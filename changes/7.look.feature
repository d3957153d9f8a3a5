Pages have a calm look of their own, for light and dark, left-to-right and right-to-left, small screens and paper; CKAN's own pages keep theirs.
