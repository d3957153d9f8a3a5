A registry reads the signed feeds of other catalogues: only what is new, each page as it was signed, and an unchanged catalogue costs one request.
