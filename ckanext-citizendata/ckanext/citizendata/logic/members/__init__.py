"""Catalogues that a registry reads: how they are found, come, are shown and go."""
