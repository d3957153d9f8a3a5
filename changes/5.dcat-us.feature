A feed in DCAT-US (`data.json`) is refused by that name, with what to ask for instead.
