"""What follows from how far people decided: the profile by stage, and the hint whether a record belongs here."""

from __future__ import annotations

import re

from ckanext.citizendata.core.rules.answers import Package, codes, rows, text
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["OF_PEOPLE", "engagement_profile", "levels_by_stage", "scope_hint"]

# Who speaks for itself: when one of these started the data, they are citizen data.
OF_PEOPLE = frozenset(
    [
        "individuals",
        "informal_group",
        "community_organisation",
        "indigenous_peoples_organisation",
        "opd",
        "womens_organisation",
        "youth_organisation",
        "lgbtiq_organisation",
    ]
)
# NGOs, academia and the state.
FOR_PEOPLE = frozenset(
    ["national_ngo", "international_ngo", "academia", "nhri", "local_government", "nso", "ministry_agency"]
)
DECIDING = ("design", "collection")
TAKING_PART = 3


def engagement_profile(package: Package, stages: Vocabulary, levels: Vocabulary) -> str | None:
    """The level of each stage in the order of stages, None where no level is known.

    [{"stage": "design", "level": "4"}, {"stage": "needs", "level": "5"}] -> "needs5-design4"
    """
    known = levels_by_stage(package, stages, levels)
    return "-".join(f"{stage}{known[stage]}" for stage in stages.codes if stage in known) or None


def scope_hint(package: Package, stages: Vocabulary, levels: Vocabulary) -> str:
    """`in_scope`, `borderline`, `outside` or `not_enough_information`: for the editor to think about, never a gate."""
    known = levels_by_stage(package, stages, levels)
    deciding = [known[stage] for stage in DECIDING if stage in known]
    initiators = frozenset(codes(package, "initiator_kind"))
    if initiators & OF_PEOPLE or max(deciding, default=0) >= TAKING_PART:
        return "in_scope"
    if len(deciding) < len(DECIDING):
        return "not_enough_information"
    if max(deciding) == 0:
        return "outside"
    return "borderline" if initiators & FOR_PEOPLE and min(deciding) > 0 else "not_enough_information"


def levels_by_stage(package: Package, stages: Vocabulary, levels: Vocabulary) -> dict[str, int]:
    """The highest level that is known of each stage, by today's codes."""
    found: dict[str, int] = {}
    for row in rows(package, "engagement"):
        stage, number = stages.current(text(row, "stage")), _number(levels.current(text(row, "level")))
        if stage in stages and number is not None:
            found[stage] = max(number, found.get(stage, 0))
    return found


def _number(level: str) -> int | None:
    """What a code of a level begins with; None for `unknown`."""
    digits = re.match(r"[0-9]", level)
    return int(digits.group()) if digits else None
