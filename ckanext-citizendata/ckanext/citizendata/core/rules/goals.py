"""The Sustainable Development Goals that follow from the targets and indicators which a person gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.citizendata.core.rules.answers import Package, codes
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.core.widening import elsewhere

__all__ = ["sdg_values"]

NONE = "none"
LISTS = {"sdg_indicator": "sdg-indicator", "sdg_target": "sdg-target", "sdg_goal": "sdg-goal"}


def sdg_values(package: Package, vocabularies: Mapping[str, Vocabulary]) -> dict[str, list[str]]:
    """Targets with those of the indicators, and goals with those of the targets, in the order of the lists.

    Only what differs from what was given: `{}` where nothing follows. `none` gives way to a goal.
    """
    values: dict[str, list[str]] = {}
    narrower = codes(package, "sdg_indicator")
    for field, below in (("sdg_target", "sdg_indicator"), ("sdg_goal", "sdg_target")):
        vocabulary, given = vocabularies[LISTS[field]], codes(package, field)
        following = elsewhere(vocabularies[LISTS[below]], narrower, vocabulary)
        found = _in_order({*given, *following}, vocabulary, given)
        if following and list(given) != found:
            values[field] = found
        narrower = tuple(found)
    return values


def _in_order(found: set[str], vocabulary: Vocabulary, given: Sequence[str]) -> list[str]:
    """Codes of the list in its order, then what isn't in it as it was given."""
    if found > {NONE}:
        found = found - {NONE}
    known = [code for code in vocabulary.codes if code in found]
    return known + [code for code in given if code in found and code not in vocabulary]
