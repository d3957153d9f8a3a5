"""What a search page shows beside its records: the lists to choose from, what is chosen, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.search_fields import PREFIX
from ckanext.citizendata.logic.finding.search_choices import asked_on_page
from ckanext.citizendata.logic.finding.search_index import facet_label
from ckanext.citizendata.logic.finding.search_period import FROM, TO, asked_years
from ckanext.citizendata.logic.reading import reader_language

__all__ = ["Choice", "Pill", "choices", "pills", "remembered", "table_address"]


@dataclass(frozen=True)
class Choice:
    """One entry of a list: its label, how many records it finds, and the page with or without it."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True)
class Pill:
    """Something that is chosen: of which list, what, and the page without it."""

    title: str
    label: str
    address: str


def choices(facet: str, found: Mapping[str, Any]) -> list[Choice]:
    """The entries of a list, the chosen ones first, then those that find most; as many as the page asks for.

    :param found: the `search_facets` of the answer.
    """
    items = found.get(facet, {}).get("items") or ()
    taken = set(tk.request.args.getlist(facet))
    in_order = sorted(items, key=lambda item: (item["name"] not in taken, -item["count"], item["display_name"].lower()))
    shown = in_order[: max(len(taken), _limit(facet))] if _limit(facet) else in_order
    return [_choice(facet, item, chosen=item["name"] in taken) for item in shown]


def pills(fields: Mapping[str, Sequence[str]], titles: Mapping[str, str], found: Mapping[str, Any]) -> list[Pill]:
    """What is chosen on the page, the years last.

    :param fields: the values that are chosen of each field.
    :param titles: the title of each list of the page.
    """
    years = asked_years()
    lists = [
        Pill(titles[facet], _label(facet, code, found), tk.h.remove_url_param(facet, code))
        for facet, codes in fields.items()
        if facet in titles
        for code in dict.fromkeys(codes)
    ]
    period = Pill(tk._("Years"), years.text, tk.h.remove_url_param([FROM, TO]))
    return [*lists, *([period] if years.filter else [])]


def remembered(*without: str) -> list[tuple[str, str]]:
    """What a form of the page has to carry along beside its own fields: all but these, and which page of many."""
    return [
        (name, value) for name, value in tk.request.args.items(multi=True) if value and name not in (*without, "page")
    ]


def table_address() -> str:
    """What the page finds, as a table for spreadsheets, in the reader's language."""
    return tk.h.url_for("citizendata_open_feeds.table", **asked_on_page())


def _choice(facet: str, item: Mapping[str, Any], *, chosen: bool) -> Choice:
    if chosen:
        address = tk.h.remove_url_param(facet, item["name"])
    else:
        address = tk.h.add_url_param(new_params={facet: item["name"]})
    return Choice(item["display_name"], item["count"], address, chosen)


def _limit(facet: str) -> int:
    """How many entries the page asks for; 0 stands for all, as CKAN has it."""
    return int(tk.h.get_param_int(f"_{facet}_limit", tk.config["search.facets.default"]))


def _label(facet: str, code: str, found: Mapping[str, Any]) -> str:
    if facet.startswith(PREFIX):
        return facet_label(facet, code, reader_language())
    items = found.get(facet, {}).get("items") or ()
    return next((item["display_name"] for item in items if item["name"] == code), code)
