"""A search as everyone finds: no permission of the reader counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.logic.search_failure import FAILED, is_away, why_away, why_refused
from ckanext.citizendata.model import place

__all__ = ["LATEST_FIRST", "open_search", "still_open"]

LATEST_FIRST = "metadata_modified desc, id asc"


def open_search(said: Mapping[str, Any], start: int, rows: int) -> dict[str, Any] | Answer:
    """A part of what everyone finds, latest change first; else the refusal that says why nothing was looked for.

    :param said: `q` and `fq` as they came.
    """
    own = f"+dataset_type:{own_type.dataset_type()}"
    wish = {"q": str(said.get("q") or "*:*"), "fq": str(said.get("fq") or ""), "fq_list": [own]}
    part = {"sort": LATEST_FIRST, "rows": rows, "start": start}
    try:
        return tk.get_action("package_search")(nobody(), {**wish, **part})
    except (*FAILED, tk.ValidationError) as error:
        if is_away(error):
            return refusal(503, why_away())
        return refusal(400, why_refused())


def still_open(results: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Dataset]]:
    """The results that everyone may read by what our own rows say now, each with its entry; the index may lag."""
    rows = {row.package_id: row for row in place.among(result["id"] for result in results)}
    found = ((result, entry_from_row(rows[result["id"]])) for result in results if result["id"] in rows)
    return [(result, entry) for result, entry in found if isinstance(entry, Dataset)]
