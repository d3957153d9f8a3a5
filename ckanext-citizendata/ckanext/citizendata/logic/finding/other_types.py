"""Whether a site has datasets of other types, for those who ask at each request."""

from __future__ import annotations

import time

from ckan import model

from ckanext.citizendata.logic import own_type
from ckanext.citizendata.model import place

__all__ = ["OtherTypes"]

# Seconds for which an answer is taken for true.
BELIEVED = 10.0


class OtherTypes:
    """Remembers for some seconds what the database said."""

    def __init__(self) -> None:
        self._until = 0.0
        self._found = False

    def are_there(self) -> bool:
        """Whether there are public packages of other types."""
        if time.monotonic() >= self._until:
            try:
                self._found = place.has_others(own_type.dataset_type())
            finally:
                # No request of CKAN gives the connection back.
                model.Session.remove()
            self._until = time.monotonic() + BELIEVED
        return self._found
