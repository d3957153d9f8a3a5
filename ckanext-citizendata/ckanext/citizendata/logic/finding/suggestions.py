"""What a search box suggests while somebody types: codes that have data, and titles, of what this reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.search_fields import REGION, Facet, facets
from ckanext.citizendata.core.searching.words import folded_words, words
from ckanext.citizendata.core.suggesting import FOREIGN, begins, is_enough, rank
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import readable_text, reader_language, site_fallbacks

__all__ = ["Suggestion", "suggestions"]

FACETS = ("population_group", "sdg_goal", "country", REGION)
# All in all, and how many of them at most are titles.
MOST, TITLES = 8, 5
# Looked through for titles: words that are typed may stand elsewhere in a record.
LOOKED_THROUGH = 20
# The longest part of a word that the stock Solr schema keeps of a title.
GRAM = 10


@dataclass(frozen=True)
class Suggestion:
    """What a reader reads, what kind of thing it is, and where it leads."""

    label: str
    kind: str
    address: str


def suggestions(typed: str) -> list[Suggestion]:
    """What begins as somebody typed, the closest first. Raises CKAN's errors of a search that is out of order."""
    if not is_enough(typed):
        return []
    titles = _titles(typed)
    return [*_codes(typed)[: MOST - len(titles)], *titles]


def _codes(typed: str) -> list[Suggestion]:
    known = [facet for facet in facets(site_model.model()) if facet.name in FACETS]
    search = {"rows": 0, "facet.field": [facet.solr_field for facet in known], "facet.limit": -1}
    counts = _searched(search)["facets"]
    close = [each for facet in known for each in _close(facet, counts.get(facet.solr_field, {}), typed)]
    # Names in other languages help whoever finds nothing in her own.
    own = [each for each in close if each[0] < FOREIGN] or close
    return [suggestion for *_, suggestion in sorted(own, key=lambda each: each[:3])]


def _close(facet: Facet, counts: Mapping[str, int], typed: str) -> list[tuple[int, int, str, Suggestion]]:
    """The codes of one list that have data and a name that begins so, with what puts them into order."""
    language, codes = reader_language(), site_model.vocabulary(facet.vocabulary)
    kind, page = tk.h.scheming_language_text(facet.label), f"{dataset_type()}.search"
    found: list[tuple[int, int, str, Suggestion]] = []
    for code, count in counts.items():
        concept = codes.by_code(code)
        place = rank(concept, typed, language) if concept else None
        if place is not None:
            label = codes.label(code, language)
            address = tk.h.url_for(page, **{facet.solr_field: code})
            found.append((place, -count, folded(label), Suggestion(label, kind, address)))
    return found


def _titles(typed: str) -> list[Suggestion]:
    """Titles of records, in whatever language they are written; told in the reader's."""
    # The index folds the accents of some scripts and not of others.
    forms = dict.fromkeys((folded_words(typed), words(typed)))
    found = _searched({"q": " OR ".join(map(_query, filter(None, forms))), "rows": LOOKED_THROUGH})["results"]
    # The index may lag behind what was hidden just now.
    called = (package for package in found if _is_called(package, typed) and _may_see(package))
    return [_title(package) for package in islice(called, TITLES)]


def _may_see(package: Mapping[str, Any]) -> bool:
    return bool(tk.h.check_access("package_show", {"id": package["id"]}))


def _query(parts: Sequence[str]) -> str:
    """Titles that may begin so before all else that has such words, in the language of Solr."""
    by_title = " AND ".join(f"title_ngram:{word[:GRAM]}" for word in parts)
    anywhere = " AND ".join(f"text:{_without_ending(word)}*" for word in parts)
    return f"({by_title})^10 OR ({anywhere})"


def _without_ending(word: str) -> str:
    """A long word without its last letters: the index keeps stems. Whether a title really begins so is looked at."""
    return word[:-3] if len(word) > 6 else word


def _is_called(package: Mapping[str, Any], typed: str) -> bool:
    titles = package.get("title_translated")
    return isinstance(titles, Mapping) and any(begins(str(title), typed) for title in titles.values())


def _title(package: Mapping[str, Any]) -> Suggestion:
    title = readable_text(package["title_translated"], reader_language(), site_fallbacks())
    address = tk.h.url_for(f"{dataset_type()}.read", id=package["name"])
    return Suggestion(title.text if title else package["name"], tk._("Dataset"), address)


def _searched(search: Mapping[str, Any]) -> dict[str, Any]:
    wish = {**search, "fq": f"+dataset_type:{dataset_type()}"}
    return tk.get_action("package_search")({"user": tk.current_user.name}, wish)  # type: ignore
