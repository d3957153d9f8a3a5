"""What is written into a dataset: rules about the whole, and what follows from answers."""
