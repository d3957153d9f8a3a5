"""Messages in the reader's language; in a job or a command, where nobody reads along, in the site's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.vocabulary import language_chain

__all__ = ["_", "label_of"]


def _(message: str) -> str:
    """The message translated for the reader of this request; as written where there is no request."""
    return tk._(message) if tk.request else message


def label_of(field: Mapping[str, Any]) -> str:
    """What people call a field of a scheming schema; its name where it has no label."""
    labels: Mapping[str, str] = field.get("label") or {}
    reader = tk.h.lang() if tk.request else tk.config.get("ckan.locale_default")
    return next((labels[tag] for tag in language_chain(str(reader or "en")) if tag in labels), field["field_name"])
