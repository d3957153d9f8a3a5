"""The problems of a harvest for the people who can mend them: titles, fields and values, in their words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.federation.grouping import FEED, VALUE
from ckanext.citizendata.federation.reasons import reason_of
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.harvesting.report_words import HEADINGS, field_told
from ckanext.citizendata.model import ledger

__all__ = ["groups_shown", "is_to_mend", "plain"]

# What a program appends for programs.
CODES = re.compile(r"\s*\[\w+\([\w:]+\)\]")
# Of whole records only these say more than the words for their code; others name commands for the registry's staff.
TELLING = frozenset({"bad_address", "no_identity", "owned", "refused"})
# What passes by itself, or is as the catalogue itself wanted it.
FINE = frozenset({"taken_back", "not_yours", "interrupted", "one_by_one", "not_for_everyone"})


def groups_shown(member_id: str, groups: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """The groups that a run stored, each with `heading`, `words`, `mend`, the `label` of its field and its examples.

    An example has `iri`, `title` and `name` of its page here (None where it has none), `message` and `advice`.
    """
    pages = ledger.shown(member_id, _iris(groups))
    return [_group(each, pages, wording) for each in groups]


def is_to_mend(group: Mapping[str, Any]) -> bool:
    """Whether the catalogue's people can do something about it."""
    return group["code"] not in FINE and group["kind"] not in ("missing", "removed")


def plain(message: str | None) -> str:
    """A message without what stands in it for programs."""
    return CODES.sub("", message or "")


def _iris(groups: Sequence[Mapping[str, Any]]) -> Collection[str]:
    return {example["iri"] for group in groups for example in group["examples"] if example["iri"]}


def _group(group: Mapping[str, Any], pages: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    kind, code = group["kind"], group["code"]
    reason = reason_of(kind, code)
    says_more = kind in (VALUE, FEED) or code in TELLING
    return {
        "kind": kind,
        "code": code,
        "field": group["field"],
        "count": group["count"],
        "heading": wording.translate(HEADINGS.get(kind, kind)),
        "label": field_told(site_model.model(), group["field"], wording),
        "words": wording.translate(reason.words),
        "mend": wording.translate(reason.mend) if reason.mend else "",
        "examples": [_example(each, pages, says_more) for each in group["examples"]],
    }


def _example(example: Mapping[str, Any], pages: Mapping[str, Any], says_more: bool) -> dict[str, Any]:
    page = pages.get(example["iri"])
    return {
        "iri": example["iri"],
        "title": page and page.title,
        "name": page and page.name,
        "message": plain(example["message"]) if says_more else "",
        "advice": example["advice"],
    }
