"""What search knows of codes: all that is wider, for filters, and what people call them, for words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import REGION, coded_fields, facets
from ckanext.citizendata.core.widening import reached, widened

__all__ = ["SearchWords", "search_words"]

KEPT_AS = "_search_words"
# No answer, and the region that holds every country: they are no words to find a record by.
WORDLESS = {REGION: "001"}
UNKNOWN = "unknown"

# A list and one of its codes.
Code = tuple[str, str]


def search_words(model: Model) -> SearchWords:
    """The model's words, kept in it as its cached properties are."""
    kept = vars(model)
    if KEPT_AS not in kept:
        kept[KEPT_AS] = SearchWords(model)
    return kept[KEPT_AS]


@dataclass(frozen=True, slots=True)
class _Reach:
    """What follows from one code: all wider ones of its list, those of other lists by list, and all of these."""

    wider: Sequence[str]
    beyond: Mapping[str, Sequence[str]]
    known: frozenset[Code]


class SearchWords:
    """Looks up what follows from the codes of packages; what one code gives is found once."""

    def __init__(self, model: Model) -> None:
        self._fields = [(field.name, str(field.vocabulary)) for field in coded_fields(model.schema)]
        self._facets = [(facet.name, facet.solr_field, facet.vocabulary) for facet in facets(model)]
        lists = {*(name for _, name in self._fields), *(name for *_, name in self._facets)}
        self._lists = {name: model.vocabularies[name] for name in sorted(lists)}
        self._reaches: dict[Code, _Reach] = {}
        self._names: dict[Code, Sequence[str]] = {}

    def of(self, package: Mapping[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
        """The codes of each filter, by its field in Solr, with all that is wider; and the names of all these.

        Africa finds Kenya, and a Goal its targets. Closed fields give neither.
        """
        own: dict[str, dict[str, None]] = {}
        beyond: dict[str, dict[str, None]] = {}
        known: set[Code] = set()
        for field, vocabulary in self._fields:
            for code in _codes(package.get(field)):
                reach = self._reach((vocabulary, code))
                own.setdefault(field, {}).update(dict.fromkeys(reach.wider))
                for other, codes in reach.beyond.items():
                    beyond.setdefault(other, {}).update(dict.fromkeys(codes))
                known |= reach.known
        names = [name for each in sorted(known) for name in self._called(each)]
        return {
            solr_field: [code for code in {**own.get(name, {}), **beyond.get(lists, {})} if code != WORDLESS.get(name)]
            for name, solr_field, lists in self._facets
        }, names

    def _reach(self, code: Code) -> _Reach:
        if code not in self._reaches:
            name, chosen = code
            wider, beyond = widened(self._lists[name], [chosen]), reached(self._lists, {name: [chosen]})
            others = ((other, each) for other, codes in beyond.items() for each in codes)
            self._reaches[code] = _Reach(wider, beyond, frozenset({*((name, each) for each in wider), *others}))
        return self._reaches[code]

    def _called(self, code: Code) -> Sequence[str]:
        """What people call a code, in every language."""
        if code not in self._names:
            self._names[code] = self._labels(code)
        return self._names[code]

    def _labels(self, code: Code) -> Sequence[str]:
        concept = self._lists[code[0]].by_code(code[1])
        if concept is None or code[1] in (UNKNOWN, WORDLESS.get(code[0])):
            return ()
        return (*concept.labels.values(), *(name for others in concept.alt_labels.values() for name in others))


def _codes(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value] if value else []
    return [code for code in listed if isinstance(code, str)]
