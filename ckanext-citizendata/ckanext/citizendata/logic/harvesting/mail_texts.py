"""The mails that people get, as subject and plain text in their language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.federation.grouping import FEED
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.reasons import reason_of
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.logic.harvesting.report_shown import plain
from ckanext.citizendata.logic.reading import number_text

__all__ = ["needs_text", "report_text"]

WAITING = ("removals", "returns")
# Decided on the list itself, or behind it.
ON_THE_LIST = ("accounts", "applications", "matches")


def report_text(member: Member, row: Any, groups: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[str, str]:
    """Subject and text of what a harvest of the member left to mend, each kind of problem once."""
    _ = wording.translate
    subject = _("{catalogue}: what to mend after the last harvest").format(catalogue=_line(member.title))
    told = _("{site} has read your catalogue {catalogue}. This is what its people can mend:")
    lines = [told.format(site=tk.config.get("ckan.site_title"), catalogue=_line(member.title)), ""]
    lines += [*_failure(row, wording), *_groups(groups, wording)]
    lines += [_("All of it, with every harvest:"), f"{site_address()}/catalogues/{member.id}", ""]
    return subject, "\n".join([*lines, _("You get this mail when something new is to be mended, and only then.")])


def needs_text(needs: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[str, str]:
    """Subject and text of what needs a person, with what happens if nobody acts."""
    _ = wording.translate
    subject = _("{site}: what needs you").format(site=_line(str(tk.config.get("ckan.site_title"))))
    nobody = _("If nobody acts")
    lines: list[str] = []
    for need in needs:
        lines += [f"* {need['words']}", f"  {need['advice']}", f"  {nobody}: {need['otherwise']}"]
        if need["kind"] not in ON_THE_LIST:
            place = "/waiting" if need["kind"] in WAITING else ""
            lines += [f"  {site_address()}/catalogues/{each}{place}" for each in need["catalogues"][:3]]
        lines.append("")
    lines += [_("The whole list:"), f"{site_address()}/needs", ""]
    return subject, "\n".join([*lines, _("You get this mail at most once a week, and only when something needs you.")])


def _failure(row: Any, wording: Wording) -> Iterator[str]:
    if row.code:
        reason = reason_of(FEED, row.code)
        yield from (f"{wording.translate(reason.words)}.", wording.translate(reason.mend), plain(row.reason), "")


def _groups(groups: Sequence[Mapping[str, Any]], wording: Wording) -> Iterator[str]:
    for heading, found in groupby(groups, key=lambda group: group["heading"]):
        yield from (heading, "-" * len(heading))
        for group in found:
            label = f" ({group['label']})" if group["label"] else ""
            yield f"* {group['words']}{label}: {number_text(group['count'], '', wording.language)}"
            if group["mend"]:
                yield f"  {group['mend']}"
            yield from (f"  - {_example(each)}" for each in group["examples"])
        yield ""


def _example(example: Mapping[str, Any]) -> str:
    parts = (example["title"] or example["iri"], example["message"], example["advice"])
    return _line(". ".join(part.rstrip(".") for part in parts if part))


def _line(text: str) -> str:
    """The text in one line: a title from a feed makes no second header, and no line that looks like ours."""
    return " ".join(text.split())
