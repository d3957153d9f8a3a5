**Withdraw a record** by its page, its API or `ckan citizendata withdraw NAME`: it is hidden at once, stays hidden whatever happens to the dataset, and comes back only by `restore`.
