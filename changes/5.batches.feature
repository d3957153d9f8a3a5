Harvested records are written in batches of rows, with the result of CKAN's own actions; where a plugin needs those actions, they are used.
