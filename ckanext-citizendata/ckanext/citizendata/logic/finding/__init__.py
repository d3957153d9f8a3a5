"""Search: what it is asked, what the index holds, and how both stay in step with the database."""
