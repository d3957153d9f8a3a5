"""Files that people exchange: read, checked, filled and written, without CKAN and without a database."""
