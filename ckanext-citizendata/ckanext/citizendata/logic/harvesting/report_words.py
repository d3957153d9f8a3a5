"""What people read of harvests: outcomes, stages and how a harvest ended, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.federation.grouping import FEED, VALUE
from ckanext.citizendata.federation.reasons import reason_of
from ckanext.citizendata.federation.report import FAILED, FINISHED, OUTCOMES

__all__ = ["HEADINGS", "counts_told", "ending_told", "field_told", "outcome_told", "progress_told"]

Translate = Callable[[str], str]

OUTCOME_WORDS: Mapping[str, str] = {
    "added": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("As before"),
    "missing": N_("Not listed any more"),
    "hidden": N_("Hidden, as not listed any more"),
    "removed": N_("Removed"),
    "held": N_("Waiting for a decision"),
    "rejected": N_("Not taken"),
}
# What stands above the problems of a kind.
HEADINGS: Mapping[str, str] = {
    **OUTCOME_WORDS,
    FEED: N_("About the feed as a whole"),
    VALUE: N_("Answers to look at; the datasets are shown all the same"),
}
STAGES: Mapping[str, str] = {
    "reading pages": N_("Reading the feed; pages so far: {done}"),
    "publishing": N_("Publishing: {done} of {total}"),
}
BEGINS = N_("It is beginning.")
RESOURCES = "resources"


def outcome_told(outcome: str, translate: Translate) -> str:
    """What people read for an outcome of a record."""
    return translate(OUTCOME_WORDS[outcome]) if outcome in OUTCOME_WORDS else outcome


def counts_told(counts: Mapping[str, int], translate: Translate) -> list[tuple[str, int]]:
    """How many records had which outcome, those that there were, in the order of importance."""
    return [(outcome_told(outcome, translate), counts[outcome]) for outcome in OUTCOMES if counts.get(outcome)]


def ending_told(run: Mapping[str, Any], translate: Translate) -> str:
    """How a harvest ended, in a sentence; of one that is under way, that it is."""
    if run["state"] == FINISHED:
        return translate(N_("It went well"))
    if run["state"] == FAILED:
        return translate(reason_of(FEED, run["code"]).words)
    return translate(N_("It is under way"))


def progress_told(progress: Mapping[str, Any], translate: Translate, number: Callable[[int], str]) -> str:
    """How far a harvest is, with numbers as `number` writes them."""
    stage = STAGES.get(progress["phase"] or "")
    if stage is None:
        return translate(BEGINS)
    done, total = (number(progress[name] or 0) for name in ("done", "total"))
    return translate(stage).format(done=done, total=total)


def field_told(model: Model, path: str, wording: Wording) -> str:
    """What people call a field: `contact.email` -> Contact: E-mail; "" for none that they know."""
    first, *others = path.split(".")
    fields = model.schema.resource_fields if first == RESOURCES else model.schema.fields
    names = others if first == RESOURCES else [first, *others]
    found: list[str] = []
    for name in names:
        field: Field | None = next((each for each in fields if each.name == name), None)
        if field is None:
            break
        found.append(wording.label(field))
        fields = field.subfields
    return ": ".join(found)
