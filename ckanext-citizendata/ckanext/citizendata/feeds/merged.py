"""The records of a page of a feed in one graph, as readers know it that want no named graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, FOAF
from ckanext.citizendata.feeds.fragment import statements_from_fragment
from ckanext.citizendata.feeds.merging import Claims
from ckanext.citizendata.feeds.quads import records_of_page

__all__ = ["Merged", "merged"]

# A namespace makes its terms anew at each call; these are asked for thousands of times a page.
TITLE, TOPIC, TOMBSTONE = DCT.title, FOAF.primaryTopic, CDATA.tombstone
# What goes on here is for the catalogue to say.
OF_SNAPSHOTS = re.compile(r"/snapshot/[0-9]+/[0-9]+\.[0-9a-z]+\Z")


@dataclass(frozen=True, slots=True)
class Merged:
    """What the records of a page say, how many statements are withheld, and why records are missing."""

    statements: Sequence[Triple]
    withheld: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """`said` is what is said of the dataset and what belongs to it; nothing for a tombstone."""

    record: NamedNode
    topic: NamedNode
    listing: list[Triple]
    said: list[Triple]
    is_gone: bool


def merged(catalogue: str, name: str, page: str) -> Merged:
    """The statements of each record that has a title or is a tombstone, as the catalogue lists them.

    One that can't be read is a problem, not a failure. Blank nodes are called by the page's `name` and a number, so
    that many pages can be put into one graph.
    """
    records: list[_Record] = []
    problems: list[Problem] = []
    withheld = 0
    for number, (iri, text) in enumerate(records_of_page(page)):
        try:
            statements, hazards = statements_from_fragment(text, f"p{name[:10]}r{number}b")
            record = _record(NamedNode(iri), statements)
        except (SyntaxError, ValueError) as error:
            problems.append(Problem(iri, "unreadable_fragment", f"The stored RDF of {iri} can't be read: {error}"))
            continue
        if record.is_gone or _has_title(record):
            records.append(record)
            withheld += hazards
    return Merged([*_memberships(catalogue, records), *_apart(catalogue, records)], withheld, tuple(problems))


def _record(iri: NamedNode, statements: list[Triple]) -> _Record:
    """Raises `ValueError` where nothing says what the record is about, or that is an address which may not leave."""
    topic = next((triple.object for triple in statements if triple.subject == iri and triple.predicate == TOPIC), None)
    if not isinstance(topic, NamedNode) or not is_address(topic.value):
        message = f"the record is about {topic}"
        raise ValueError(message)
    if _is_grave(iri, topic, statements):
        return _Record(iri, topic, statements, [], is_gone=True)
    # The site's own statements come first; what comes later of this subject is not for its dataset to say.
    listing = [*takewhile(lambda triple: triple.subject == iri, statements)]
    said = [triple for triple in statements if triple.subject != iri]
    return _Record(iri, topic, listing, said, is_gone=False)


def _is_grave(iri: NamedNode, topic: NamedNode, statements: Iterable[Triple]) -> bool:
    """Whether it is said that the dataset is gone, and nothing else of it."""
    about = {triple.predicate for triple in statements if triple.subject == iri}
    return TOMBSTONE in about and not any(triple.subject == topic for triple in statements)


def _has_title(record: _Record) -> bool:
    """Whether a stock reader can name it: over one that it can't, it gives up its whole page."""
    titles = (triple.object for triple in record.said if triple.subject == record.topic and triple.predicate == TITLE)
    return any(isinstance(title, Literal) and title.value.strip() for title in titles)


def _memberships(catalogue: str, records: Iterable[_Record]) -> list[Triple]:
    whole = NamedNode(catalogue)
    listed: list[Triple] = []
    for each in records:
        own = [] if each.is_gone else [Triple(whole, DCAT.dataset, each.topic)]
        listed += [*own, Triple(whole, DCAT.record, each.record)]
    return listed


def _apart(catalogue: str, records: Sequence[_Record]) -> list[Triple]:
    """What each record says of what it may describe."""
    claims = Claims([catalogue, f"{catalogue}#publisher", *(each.record.value for each in records)])
    for each in records:
        claims.reserve(each.topic.value, each.record.value)
    statements: list[Triple] = []
    for each in records:
        said = [triple for triple in each.said if not _is_of_snapshot(triple)]
        statements += [*each.listing, *claims.admitted(said, each.record.value)]
    return statements


def _is_of_snapshot(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and bool(OF_SNAPSHOTS.search(triple.subject.value))
