"""Any search as a feed, as everyone finds: no permission of the reader counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.feeds.atom import AtomEntry, AtomFeed, atom_rendered
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.logic.finding.open_search import open_search, still_open
from ckanext.citizendata.logic.finding.search_choices import asked_on_page
from ckanext.citizendata.logic.reading import readable_text
from ckanext.citizendata.logic.whole_number import whole_number

__all__ = ["search_feed", "search_feed_answer"]

# Beyond it a search engine would have to sort too much for one page.
LAST_PAGE = 10_000
# An empty feed is as old as can be.
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class _Search:
    """What is searched for, by the names of its parameters, and which page of it."""

    said: Mapping[str, str]
    number: int

    def address(self, number: int) -> str:
        return _address({**self.said, "page": str(number)} if number > 1 else self.said)


def search_feed() -> str:
    """The feed of the search that the page which is being made shows."""
    return _address(asked_on_page())


def _address(said: Mapping[str, str]) -> str:
    address = f"{site_address()}/feed/search.atom"
    return f"{address}?{urlencode(said)}" if said else address


def search_feed_answer(parameters: Mapping[str, Any]) -> Answer:
    """One page of the feed, or the sentence that says what is wrong with a parameter.

    :param parameters: `q`, `fq` and `page` as they came.
    """
    number = whole_number(parameters.get("page") or "1", LAST_PAGE)
    if not number:
        sentence = tk._("{page} is no page: the parameter page takes a whole number from 1.")
        return refusal(400, sentence.format(page=parameters.get("page")))
    search = _Search({name: str(parameters[name]) for name in ("q", "fq") if parameters.get(name)}, number)
    found = open_search(search.said, (number - 1) * _size(), _size())
    if isinstance(found, Answer):
        return found
    return _answer(search, found)


def _size() -> int:
    return max(1, int(tk.config.get("ckan.feeds.limit") or 20))


def _answer(search: _Search, found: Mapping[str, Any]) -> Answer:
    last = max(1, -(-found["count"] // _size()))
    if search.number > last:
        sentence = tk._("There is no page {number}; the last one is {last}.")
        return refusal(404, sentence.format(number=search.number, last=last))
    body = atom_rendered(_feed(search, last, _entries(found["results"])))
    return Answer(200, lambda: Rendering(body), revision=revision(body))


def _feed(search: _Search, last: int, entries: Sequence[AtomEntry]) -> AtomFeed:
    numbers = {"self": search.number, "first": 1, "prev": search.number - 1, "next": search.number + 1, "last": last}
    title, words = str(tk.config.get("ckan.site_title") or site_address()), search.said.get("q")
    page = f"{site_address()}/{own_type.dataset_type()}/"
    return AtomFeed(
        iri=search.address(1),
        title=f"{title}: {words}" if words else title,
        language=_language(),
        author=config.publisher_name() or title,
        updated=max((entry.updated for entry in entries), default=NEVER),
        search=f"{page}?{urlencode({'q': words})}" if words else page,
        pages={name: search.address(number) for name, number in numbers.items() if 1 <= number <= last},
        entries=tuple(entries),
    )


def _entries(results: Sequence[Mapping[str, Any]]) -> list[AtomEntry]:
    return [_entry(result, entry) for result, entry in still_open(results) if is_address(entry.iri)]


def _entry(package: Mapping[str, Any], dataset: Dataset) -> AtomEntry:
    title, notes = (_text(package.get(name)) for name in ("title_translated", "notes_translated"))
    page = f"{site_address()}/{own_type.dataset_type()}/{package['name']}"
    return AtomEntry(dataset.iri, title or package["name"], notes, dataset.modified, page)


def _text(value: object) -> str:
    """The text in the site's own language, else in English, else in the first there is."""
    found = readable_text(value, _language(), ("en",))
    return found.text if found else ""


def _language() -> str:
    return str(tk.config.get("ckan.locale_default") or "en").replace("_", "-")
