"""What only the site's administrators say of a statistical office: that it is one, and for which countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.citizendata.logic.official import OFFICE, profile_of
from ckanext.citizendata.logic.values.raw_values import value_of_json

__all__ = ["COUNTRY", "KIND", "given_values", "with_office_kept"]

KIND, COUNTRY = "producer_kind", "country"


def given_values(given: Mapping[str, Any], name: str) -> list[Any]:
    """What a caller writes for a field of an organisation: under its name and among the extras; none if left out."""
    extras = given.get("extras") or []
    listed = [extra.get("value") for extra in extras if isinstance(extra, Mapping) and extra.get("key") == name]
    return [*([given[name]] if name in given else []), *listed]


def with_office_kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a caller writes of an organisation, with kind and countries of an office as they are where left out.

    CKAN's update empties what is left out. Nobody means by that to take from an office its power to answer; who does,
    an administrator of the site, gives an empty list.
    """
    group = model.Group.get(given.get("id"))
    stored = profile_of(group) if group is not None else {}
    if stored.get(KIND) != OFFICE:
        return dict(given)
    left_out = [name for name in (KIND, COUNTRY) if name in stored and not given_values(given, name)]
    return {**given, **{name: value_of_json(stored[name]) for name in left_out}}
