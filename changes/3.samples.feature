Twenty-five invented sample records of two national catalogues show every kind of audience, access and edge case.
