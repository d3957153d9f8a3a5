"""One page of the catalogue as RDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.graph import graph_from_ntriples
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.feeds.entry import CatalogueHead, Dataset, Entry, Grave
from ckanext.citizendata.feeds.face import N_TRIPLES, Face
from ckanext.citizendata.feeds.fragment import statements_from_fragment
from ckanext.citizendata.feeds.listing import moment, statements_of_grave, statements_of_listing
from ckanext.citizendata.feeds.merging import Claims
from ckanext.citizendata.feeds.paging import Page, SnapshotPage, statements_of_page
from ckanext.citizendata.feeds.rendering import Rendering, rendered

__all__ = ["catalogue_rendered", "head_rendered", "statements_beside", "statements_of_catalogue", "statements_of_head"]

SCHEMA = "catalogue"
# Tombstones stay for ever; the word is that of OAI-PMH.
PERSISTENT = "persistent"


def catalogue_rendered(head: CatalogueHead, page: Page, entries: Sequence[Entry], face: Face) -> Rendering:
    """The catalogue, its paging, and each entry that can be read; one that can't is a problem, not a failure."""
    catalogue = NamedNode(head.iri)
    entries, problems = _addressed(entries)
    claims = _claims(head, page, entries)
    listed: list[Triple] = []
    statements: list[Triple] = []
    withheld = 0
    for number, entry in enumerate(entries):
        try:
            said, hazards = _statements_of(entry, claims, f"r{number}b")
        except SyntaxError as error:
            problems.append(
                Problem(entry.iri, "unreadable_fragment", f"The stored RDF of {entry.iri} can't be read: {error}")
            )
            continue
        listed += _memberships(catalogue, entry)
        statements += said
        withheld += hazards
    every = [*statements_of_catalogue(head, page), *listed, *statements]
    return replace(rendered(every, face, withheld), problems=tuple(problems))


def _addressed(entries: Sequence[Entry]) -> tuple[list[Entry], list[Problem]]:
    """The entries whose IRI may leave, and a problem for each other one: not even a listing may name it."""
    kept = [entry for entry in entries if is_address(entry.iri)]
    message = "The address {!r} is a hazard, so that its record is left out"
    return kept, [
        Problem(entry.iri, "hazard", message.format(entry.iri)) for entry in entries if not is_address(entry.iri)
    ]


def statements_of_catalogue(head: CatalogueHead, page: Page) -> list[Triple]:
    """What a page says of the catalogue and of itself; what is about the catalogue comes last."""
    return statements_beside(statements_of_head(head), head.iri, page)


def statements_beside(said: Sequence[Triple], iri: str, page: Page | SnapshotPage) -> list[Triple]:
    """The statements of a catalogue about itself with those of one of its pages."""
    catalogue = NamedNode(iri)
    every = [*said, *statements_of_page(page, catalogue)]
    return sorted(every, key=lambda triple: triple.subject == catalogue)


def statements_of_head(head: CatalogueHead) -> list[Triple]:
    """What the catalogue says of itself on each of its pages."""
    model = catalogue_model.load(SCHEMA)
    homepage = {"homepage": head.publisher.homepage} if head.publisher.homepage else {}
    said = {
        "title": head.titles,
        "description": head.descriptions,
        "publisher": [{"name": head.publisher.name, "uri": head.publisher.iri, **homepage}],
        "homepage": head.homepage,
        "language": _codes(model.vocabularies["language"], head.languages),
        "license": head.licence,
        "modified": moment(head.modified) if head.modified else None,
        "delete_policy": PERSISTENT,
    }
    return sorted(graph_from_ntriples(fragment_from_package(model, said, Subject(head.iri))), key=str)


def _codes(languages: Vocabulary, iris: Iterable[str]) -> list[str]:
    return [concept.code for iri in iris if (concept := languages.by_iri(iri))]


def head_rendered(head: CatalogueHead, iri: str) -> Rendering:
    """The catalogue's statements about itself as N-Triples, under another name."""
    return rendered(statements_of_head(replace(head, iri=iri)), N_TRIPLES)


def _claims(head: CatalogueHead, page: Page, entries: Sequence[Entry]) -> Claims:
    shown = [entry for entry in entries if isinstance(entry, (Dataset, Grave))]
    claims = Claims([head.iri, head.publisher.iri, page.url(page.number), *(entry.record for entry in shown)])
    for entry in shown:
        claims.reserve(entry.iri, entry.record)
    return claims


def _statements_of(entry: Entry, claims: Claims, prefix: str) -> tuple[list[Triple], int]:
    if isinstance(entry, Dataset):
        statements, withheld = statements_from_fragment(entry.fragment, prefix)
        return [*statements_of_listing(entry), *claims.admitted(statements, entry.record)], withheld
    return (statements_of_grave(entry), 0) if isinstance(entry, Grave) else ([], 0)


def _memberships(catalogue: NamedNode, entry: Entry) -> list[Triple]:
    if isinstance(entry, Dataset):
        own = [Triple(catalogue, DCAT.dataset, NamedNode(entry.iri))]
        return [*own, Triple(catalogue, DCAT.record, NamedNode(entry.record))]
    return [Triple(catalogue, DCAT.record, NamedNode(entry.record))] if isinstance(entry, Grave) else []
