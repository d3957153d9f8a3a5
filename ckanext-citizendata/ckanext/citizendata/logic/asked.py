"""Numbers and yes or no, as a request of the API asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["number_asked", "number_asked_or_none", "truth_asked"]


def number_asked(data_dict: Mapping[str, Any], name: str, default: int) -> int:
    """A number of a request, 0 or more. Raises `ValidationError` with name and value for anything else."""
    value = data_dict.get(name, default)
    try:
        return max(int(value), 0)
    except (TypeError, ValueError) as error:
        raise tk.ValidationError({name: [f"{value!r} is no number"]}) from error


def number_asked_or_none(data_dict: Mapping[str, Any], name: str) -> int | None:
    """A number of a request, None where it names none. Raises `ValidationError` for anything else."""
    return None if data_dict.get(name) in (None, "") else number_asked(data_dict, name, 0)


def truth_asked(data_dict: Mapping[str, Any], name: str) -> bool:
    """Yes or no of a request, no where it names none. Raises `ValidationError` for anything else."""
    said = data_dict.get(name)
    try:
        # CKAN takes a list, or any number, for yes.
        return False if said in (None, "") else bool(tk.asbool(str(said)))
    except ValueError as error:
        raise tk.ValidationError({name: [tk._("Write true or false.")]}) from error
