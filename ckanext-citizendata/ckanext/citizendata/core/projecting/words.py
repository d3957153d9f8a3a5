"""What search knows of a package: its codes with all that is wider, and its texts by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import (
    CODES,
    LANGUAGES,
    MOST_LETTERS,
    TITLE,
    TITLES,
    coded_fields,
    facets,
    language_field,
    searched_lists,
    word_fields,
)
from ckanext.citizendata.core.searching.names import WORDLESS, code_term
from ckanext.citizendata.core.widening import reached, widened

__all__ = ["SearchWords", "search_words"]

# A list and one of its codes.
Code = tuple[str, str]


def search_words(model: Model) -> SearchWords:
    """What search knows of packages of this model."""
    return model.kept(SearchWords)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What follows from one code: all wider ones of its list, those of other lists by list, and the terms of these."""

    wider: Sequence[str]
    beyond: Mapping[str, Sequence[str]]
    terms: tuple[str, ...]


class SearchWords:
    """Looks up what follows from the codes of packages; what one code gives is found once."""

    def __init__(self, model: Model) -> None:
        self._fields = [(field.name, str(field.vocabulary)) for field in coded_fields(model.schema)]
        self._facets = [(facet.name, facet.solr_field, facet.vocabulary) for facet in facets(model)]
        self._searched = frozenset(searched_lists(model))
        self._texts = [field.name for field in word_fields(model.schema)]
        lists = {*(name for _, name in self._fields), *(name for *_, name in self._facets)}
        self._lists = {name: model.vocabularies[name] for name in sorted(lists)}
        self._reaches: dict[Code, _Reach] = {}

    def of(self, package: Mapping[str, Any]) -> dict[str, Any]:
        """By its field in Solr: the codes of each filter with all that is wider, what the record is about, its texts.

        Africa finds Kenya, and a Goal its targets. Closed fields give nothing.
        """
        return {**self._codes(package), **self._words(package)}

    def _codes(self, package: Mapping[str, Any]) -> dict[str, list[str]]:
        own: dict[str, dict[str, None]] = {}
        beyond: dict[str, dict[str, None]] = {}
        about: dict[str, None] = {}
        for field, vocabulary in self._fields:
            for code in _codes(package.get(field)):
                reach = self._reach((vocabulary, code))
                own.setdefault(field, {}).update(dict.fromkeys(reach.wider))
                for other, codes in reach.beyond.items():
                    beyond.setdefault(other, {}).update(dict.fromkeys(codes))
                about |= dict.fromkeys(reach.terms)
        chosen = {
            solr_field: [code for code in {**own.get(name, {}), **beyond.get(lists, {})} if code != WORDLESS.get(name)]
            for name, solr_field, lists in self._facets
        }
        return {**chosen, CODES: sorted(about)}

    def _words(self, package: Mapping[str, Any]) -> dict[str, str]:
        told = [(name, tag, text) for name in self._texts for tag, text in _by_language(package.get(name))]
        titles = {TITLE: " ".join(text for name, _, text in told if name in TITLES)}
        texts = {
            language_field(language): "\n".join(text for _, tag, text in told if tag == language)
            for language in {tag for _, tag, _ in told}.intersection(LANGUAGES)
        }
        return {field: text[:MOST_LETTERS] for field, text in {**titles, **texts}.items() if text}

    def _reach(self, code: Code) -> _Reach:
        name, chosen = code
        if chosen not in self._lists[name]:
            # A feed may make up as many as it likes: what follows from them isn't kept.
            return self._found(name, chosen)
        if code not in self._reaches:
            self._reaches[code] = self._found(name, chosen)
        return self._reaches[code]

    def _found(self, name: str, code: str) -> _Reach:
        wider, beyond = widened(self._lists[name], [code]), reached(self._lists, {name: [code]})
        known = [
            *((name, each) for each in wider),
            *((other, each) for other, codes in beyond.items() for each in codes),
        ]
        terms = (code_term(*each) for each in known if each[0] in self._searched and each[1] in self._lists[each[0]])
        return _Reach(wider, beyond, tuple(term for term in terms if term))


def _codes(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value] if value else []
    return [code for code in listed if isinstance(code, str)]


def _by_language(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a field that is asked in several languages, each with the base of its language."""
    if isinstance(value, Mapping):
        for tag, said in value.items():
            for text in said if isinstance(said, list) else [said]:
                if isinstance(text, str):
                    yield re.split("[-_]", tag)[0].lower(), text
