"""From codes to all that is wider: in their own list, and in the lists that it points at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["elsewhere", "reached", "widened"]


def widened(vocabulary: Vocabulary, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes, those that stand for them today, and all above them; each once.

    ["trans"] -> ("trans", "lgbtiq")
    """
    found: dict[str, None] = {}
    for code in codes:
        for known in dict.fromkeys((code, vocabulary.current(code))):
            found |= dict.fromkeys((known, *vocabulary.ancestors(known)))
    return tuple(found)


def elsewhere(vocabulary: Vocabulary, codes: Iterable[str], other: Vocabulary) -> tuple[str, ...]:
    """The codes of another list that the codes of this one say are wider (`skos:broadMatch`)."""
    concepts = (concept for code in codes if (concept := vocabulary.by_code(code)))
    wider = (other.by_iri(iri) for concept in concepts for iri in concept.broad_matches)
    return tuple(dict.fromkeys(concept.code for concept in wider if concept))


def reached(lists: Mapping[str, Vocabulary], chosen: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """By list, the codes that are wider than codes of other lists, over as many lists as it takes.

    {"country": ["KEN"]} -> {"region": ("014", "202", "002", "001")}
    """
    found: dict[str, dict[str, None]] = {}
    waiting = [(name, code) for name, codes in chosen.items() for code in widened(lists[name], codes)]
    while waiting:
        name, code = waiting.pop(0)
        for other in (each for each in lists if each != name):
            known = found.setdefault(other, {})
            wider = widened(lists[other], elsewhere(lists[name], [code], lists[other]))
            waiting += [(other, each) for each in wider if each not in known]
            known |= dict.fromkeys(wider)
    return {name: tuple(codes) for name, codes in found.items() if codes}
