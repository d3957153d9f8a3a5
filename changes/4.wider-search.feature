Filters and search words **find what is narrower**: Africa finds Kenya, a Goal its targets and indicators, LGBTIQ people find trans people; regions are a filter of their own.
