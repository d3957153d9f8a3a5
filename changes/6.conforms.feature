`conforms=dcat-ap` shows only the records that break no rule of DCAT-AP 3.0.1; `/catalog/nonconforming.json` lists the others with reasons in plain words.
