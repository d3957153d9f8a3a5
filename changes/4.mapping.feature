Records say all that the Framework asks about: 135 fields in twelve sections, each mapped to statements and back without a loss, with the classes that DCAT-AP 3.0.1 looks for beside their codes.
