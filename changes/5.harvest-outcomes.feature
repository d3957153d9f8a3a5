Where a feed can't be read, the reason ends with an outcome for programs, such as `rejected(dtd)` or `failed(timeout)`; a page of the reference lists them all.
