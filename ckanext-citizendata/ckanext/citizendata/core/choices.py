"""What somebody chose from the lists of a search page, as filters: any choice of one list, something of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ckanext.citizendata.core.search_fields import quoted

__all__ = ["chosen", "filters", "stock_filter"]

Pairs = Iterable[tuple[str, str]]

# What an address says beside choices.
ASIDE = ("q", "page", "sort")
ASIDE_LIKE = ("_", "ext_")
# What others hang onto an address as it goes from hand to hand.
TRACKING = ("fbclid", "gclid", "gbraid", "wbraid", "msclkid", "yclid", "ttclid", "twclid", "igshid", "igsh", "ref")
TRACKING_LIKE = ("utm_", "gad_", "mc_", "mtm_", "pk_")
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def stock_filter(pairs: Pairs) -> str:
    """What CKAN 2.12 itself makes of the parameters of a page: all choices at once, their marks as they came."""
    return " ".join(f'{name}:"{value}"' for name, value in _choices(pairs))


def chosen(pairs: Pairs) -> dict[str, list[str]]:
    """The values that are chosen of each field; what can be no field is none."""
    found: dict[str, dict[str, None]] = {}
    for name, value in _choices(pairs):
        if FIELD.fullmatch(name) and name not in TRACKING and not name.startswith(TRACKING_LIKE):
            found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}


def filters(choices: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The filter of each field: `{"country": ["KEN", "GHA"]}` gives `country:("KEN" OR "GHA")`."""
    return {name: f"{name}:{_any([*values])}" for name, values in choices.items()}


def _choices(pairs: Pairs) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if value and name not in ASIDE and not name.startswith(ASIDE_LIKE)]


def _any(values: list[str]) -> str:
    said = [quoted(value) for value in values]
    return said[0] if len(said) == 1 else f"({' OR '.join(said)})"
