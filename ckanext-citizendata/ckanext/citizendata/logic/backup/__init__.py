"""A database that was put back from a backup."""
