"""What a fragment holds where it gives an answer, to find it among many fragments without reading each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ckanext.citizendata.core.mapping.model import Model
from ckanext.citizendata.core.tokens import iri_token, token
from ckanext.citizendata.core.vocabulary import Concept

__all__ = ["statements_of"]


def statements_of(model: Model, answers: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The ends of the statements that give one of these answers, as N-Triples writes them; codes by field.

    {"indigenous_data": {"yes"}} -> ("<https://w3id.org/citizen-data/ns#indigenousData> <…/yes-no-unknown/yes> .", …)
    """
    return tuple(end for name, codes in answers.items() for end in _ends(model, name, codes))


def _ends(model: Model, name: str, codes: Collection[str]) -> Iterator[str]:
    field = model.schema.field(name)
    if field is None or field.shape is None:
        return
    for concept in model.vocabularies[field.vocabulary or ""]:
        if concept.code in codes:
            for predicate in (field.shape.predicate, *field.shape.accept):
                yield from (f"{token(predicate)} {iri_token(iri)} ." for iri in _names(concept))


def _names(concept: Concept) -> Iterator[str]:
    """Every IRI by which the entry is read, by http and https."""
    for iri in (concept.iri, *concept.exact_matches):
        yield iri
        yield iri.replace("https:", "http:", 1) if iri.startswith("https:") else iri.replace("http:", "https:", 1)
