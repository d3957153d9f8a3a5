"""Accounts: who asks for one, who admits her, and what she began meanwhile."""
