Other catalogues can read snapshots: signed pages that don't change while they are read, made within seconds after each change (`ckan citizendata feed cut`, `feed status`).
