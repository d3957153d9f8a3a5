"""Harvests: planned, run and reported, and what of them waits for a person."""
