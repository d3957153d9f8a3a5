"""Forms: which questions stand where, what a person typed, and what is kept of it."""
