`ckan citizendata feed verify` names the page or manifest that has a wrong byte.
