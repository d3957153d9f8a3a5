"""Pages of the catalogue as everyone reads it: no permission of the reader counts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.feeds.catalogue import catalogue_rendered
from ckanext.citizendata.feeds.entry import CatalogueHead, Dataset, Entry, Hidden
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.foreign import foreign_rendered
from ckanext.citizendata.feeds.paging import Page
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_address, catalogue_head
from ckanext.citizendata.logic.feeds.conforming import CONFORMS, conforming, nonconforming
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.logic.search_failure import FAILED, is_away, why_away, why_refused
from ckanext.citizendata.model import place

__all__ = ["PROFILE", "catalogue_answer", "nonconforming_answer", "refused_profiles"]

log = logging.getLogger(__name__)

PROFILE = "citizendata"
# Whoever began in the order of the tables goes on in it: in the snapshot that follows a page has other records.
ORDER = (("order", "published"),)
PARAMETERS = ("modified_since", "q", "fq", "profiles", "conforms")
# ckanext-dcat's own answer for one page of the other package types, as Turtle.
Stock = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class _Wish:
    """What was asked for, checked."""

    number: int
    size: int
    since: datetime | None
    search: Mapping[str, str]
    conforms: bool
    query: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Selection:
    entries: Sequence[Entry]
    total: int
    latest: datetime | None


def catalogue_answer(parameters: Mapping[str, Any], face: Face, stock: Stock) -> Answer:
    """One page, or the sentence that says what is wrong with a parameter.

    :param parameters: `page`, `modified_since`, `q`, `fq`, `profiles`, `conforms` as they came.
    :param stock: called for pages of other package types, which stand behind ours.
    """
    wish = _wish(parameters)
    if isinstance(wish, Answer):
        return wish
    try:
        selection = _conforming(_selection(wish), wish)
        others = _others(wish)
    except (*FAILED, tk.ValidationError) as error:
        return refusal(503, why_away()) if is_away(error) else refusal(400, why_refused())
    page = Page(wish.number, wish.size, selection.total, catalogue_address(face.suffix), wish.query, others)
    if page.number > page.last:
        sentence = tk._("There is no page {number}; the last one is {last}.")
        return refusal(404, sentence.format(number=page.number, last=page.last))
    head = catalogue_head(selection.latest)
    if page.number > page.own_last:
        return Answer(200, partial(_foreign, head, page, face, stock, parameters))
    tag = revision(
        face.suffix, repr(head), repr(page), *(part for entry in selection.entries for part in _parts(entry))
    )
    return Answer(200, partial(_rendered, head, page, selection.entries, face), revision=tag)


def nonconforming_answer(parameters: Mapping[str, Any]) -> dict[str, Any] | Answer:
    """The records of a page that break a rule of DCAT-AP, with the address of the next page."""
    wish = _wish({"page": parameters.get("page")})
    if isinstance(wish, Answer):
        return wish
    found = nonconforming(wish.number, wish.size)
    if wish.number > found["last"]:
        sentence = tk._("There is no page {number}; the last one is {last}.")
        return refusal(404, sentence.format(number=wish.number, last=found["last"]))
    return found


def refused_profiles(profiles: object) -> Answer | None:
    """The refusal of profiles that we don't write, None where ours or none is asked for."""
    names = profiles.split(",") if isinstance(profiles, str) else list(profiles or ())  # type: ignore
    if all(name == PROFILE for name in names if name):
        return None
    sentence = tk._("These records come in one profile, {own} (DCAT-AP 3), not in {asked}; leave the parameter out.")
    return refusal(406, sentence.format(own=PROFILE, asked=", ".join(map(str, names))))


def _rendered(head: CatalogueHead, page: Page, entries: Sequence[Entry], face: Face) -> Rendering:
    rendering = catalogue_rendered(head, page, entries, face)
    for problem in rendering.problems:
        log.error("Left out of the catalogue: %s", problem.message)
    return rendering


def _parts(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Dataset):
        return entry.fragment, repr(replace(entry, fragment=""))
    return (repr(entry),)


def _wish(parameters: Mapping[str, Any]) -> _Wish | Answer:
    refused = refused_profiles(parameters.get("profiles"))
    if refused:
        return refused
    number = _number(parameters.get("page") or "1")
    if number is None:
        sentence = tk._("{page} is no page: the parameter page takes a whole number from 1.")
        return refusal(400, sentence.format(page=parameters.get("page")))
    since = _moment(parameters.get("modified_since") or "")
    if since is None and parameters.get("modified_since"):
        sentence = tk._("{value} is no date: modified_since takes one like 2024-05-01 or 2024-05-01T12:00:00Z.")
        return refusal(400, sentence.format(value=parameters["modified_since"]))
    conforms = parameters.get("conforms")
    if conforms not in (None, "", CONFORMS):
        sentence = tk._("{value} is no profile to conform to: the parameter conforms takes {known}.")
        return refusal(400, sentence.format(value=conforms, known=CONFORMS))
    given = {name: str(parameters[name]) for name in PARAMETERS if parameters.get(name) and name != "profiles"}
    search = {name: given[name] for name in ("q", "fq") if name in given}
    query = tuple(given.items()) or (ORDER if config.feed_folder() else ())
    return _Wish(number, config.datasets_per_page(), since, search, bool(conforms), query)


def _number(text: object) -> int | None:
    digits = str(text).strip()
    # Beyond a thousand million pages PostgreSQL would refuse the offset.
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:10]) > 0 and len(digits) < 10 else None


def _moment(text: object) -> datetime | None:
    plain = str(text).strip().replace("Z", "+00:00")
    # In a query, an unescaped plus sign comes as a space; Python 3.10 doesn't read Z.
    for candidate in (plain, plain.replace(" ", "+")):
        try:
            found = datetime.fromisoformat(candidate)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    return None


def _selection(wish: _Wish) -> _Selection:
    if wish.search:
        return _searched(wish)
    places = place.page((wish.number - 1) * wish.size, wish.size, wish.since)
    return _Selection([entry_from_row(row) for row in places.rows], places.total, places.latest)


def _conforming(selection: _Selection, wish: _Wish) -> _Selection:
    return replace(selection, entries=conforming(selection.entries)) if wish.conforms else selection


def _searched(wish: _Wish) -> _Selection:
    """What an anonymous reader finds; the search only selects, what is shown of it our own rows decide."""
    own = f"+dataset_type:{own_type.dataset_type()}"
    found = _search(wish, own, rows=wish.size, start=(wish.number - 1) * wish.size)
    ids = [result["id"] for result in found["results"]]
    rows = {row.package_id: row for row in place.among(ids)}
    entries = [entry_from_row(rows[id]) if id in rows else Hidden(id) for id in ids]
    shown = [entry for entry in entries if isinstance(entry, Dataset)]
    return _Selection(shown, found["count"], max((entry.modified for entry in shown), default=None))


def _others(wish: _Wish) -> int:
    own = own_type.dataset_type()
    # Nobody looked whether those of other types conform.
    if wish.conforms or not place.has_others(own):
        return 0
    return _search(wish, f"-dataset_type:({own} OR harvest OR showcase)", rows=0, start=0)["count"]


def _search(wish: _Wish, types: str, rows: int, start: int) -> dict[str, Any]:
    restrictions = [types]
    if wish.since:
        restrictions.append(f"metadata_modified:[{wish.since.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ} TO *]")
    search = {"q": wish.search.get("q", "*:*"), "fq": wish.search.get("fq", ""), "fq_list": restrictions}
    order = {"sort": "metadata_created asc, id asc", "fl": ["id"], "rows": rows, "start": start}
    return tk.get_action("package_search")(nobody(), {**search, **order})


def _foreign(head: CatalogueHead, page: Page, face: Face, stock: Stock, parameters: Mapping[str, Any]) -> Rendering:
    fq = f"{parameters.get('fq') or ''} -dataset_type:{own_type.dataset_type()}".strip()
    asked = {name: parameters.get(name) for name in ("q", "modified_since") if parameters.get(name)}
    return foreign_rendered(
        head, page, stock({**asked, "fq": fq, "page": page.number - page.own_last, "format": "ttl"}), face
    )
