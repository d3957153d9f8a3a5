"""How harvested records come before readers: one by one or many in one transaction, with index and ledger."""
