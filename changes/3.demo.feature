`bin/demo` starts two national catalogues and the registry that harvests them on this machine, with nothing but Python installed; `bin/demo --check` proves that it works.
