"""Messages in the reader's language; in a job or a command, where nobody reads along, in the site's."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.logic.reading import reader_language

__all__ = ["_", "reader_wording"]


def _(message: str) -> str:
    """The message translated for the reader of this request; as written where there is no request."""
    return tk._(message) if tk.request else message


def reader_wording() -> Wording:
    """The reader's language, and what puts the sentences of the checks into it."""
    return Wording(reader_language(), _)
