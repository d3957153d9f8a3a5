"""Which statements of a graph describe a dataset: those of every node that it leads to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT, DCT, DQV, FOAF, OA, OWL, RDF, RDFS, SKOS
from ckanext.citizendata.core.tokens import Line, Token, is_blank, token, value_of

__all__ = ["APART", "CATALOG_RECORD", "DATASET", "INVERSE", "LINKS", "TYPE", "Followed", "Follower", "Limits", "Said"]

# Their objects name something that stands for itself: the statement is kept, the description of the other thing isn't.
LINKS = frozenset(
    token(node)
    for node in [
        *(
            DCT[name]
            for name in ("isPartOf", "hasPart", "relation", "hasVersion", "isVersionOf", "replaces", "isReplacedBy")
        ),
        *(
            DCT[name]
            for name in ("references", "isReferencedBy", "requires", "isRequiredBy", "hasFormat", "isFormatOf")
        ),
        *(DCAT[name] for name in ("inCatalog", "prev", "next", "previousVersion", "hasVersion", "isVersionOf")),
        *(
            DCAT[name]
            for name in (
                "hasCurrentVersion",
                "seriesMember",
                "dataset",
                "service",
                "catalog",
                "record",
                "servesDataset",
            )
        ),
        *(SKOS[name] for name in ("hasTopConcept", "narrower", "related", "member", "exactMatch", "closeMatch")),
        *(SKOS[name] for name in ("broadMatch", "narrowMatch", "relatedMatch")),
        FOAF.primaryTopic,
        FOAF.isPrimaryTopicOf,
        OWL.sameAs,
        RDFS.isDefinedBy,
        RDFS.seeAlso,
    ]
)

# What points at a dataset or a distribution and belongs to its description.
INVERSE = (token(DQV.computedOn), token(OA.hasTarget))

TYPE, DATASET, CATALOG_RECORD = token(RDF.type), token(DCAT.Dataset), token(DCAT.CatalogRecord)
DISTRIBUTION = token(DCAT.distribution)
# What belongs to no dataset's description: records, and terms of schemas. A series is no record of its own here, so
# that its description would be lost if it didn't ride with its datasets.
APART = (
    DATASET,
    token(DCAT.Catalog),
    *(token(RDFS[name]) for name in ("Class", "Datatype")),
    *(
        token(OWL[name])
        for name in ("Class", "Restriction", "Ontology", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    ),
    token(RDF.Property),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many nodes one record may have, how many steps from its dataset they may lie, how many `lines` it may have.

    `value` is the length of a literal as it is written, in characters.
    What datasets share is copied into each record: all records of a page may have so many `statements`, or `copies`
    times those of the page, before the next is refused. `address` is the length of a dataset's IRI in bytes: more can't
    be looked up in an index of PostgreSQL. `characters` are those of all its values, which matter for pages that don't
    fit into memory: others hold no more.
    """

    nodes: int = 10_000
    depth: int = 1_000
    lines: int = 20_000
    value: int = 1_000_000
    statements: int = 500_000
    copies: int = 20
    address: int = 2_000
    characters: int = 8_000_000

    def budget(self, lines: int) -> int:
        """How many statements the records of a page of so many may have in all."""
        return max(self.statements, self.copies * lines)


class Said(Protocol):
    """Statements by the node that says them; `tree.Tree` is one."""

    def __contains__(self, node: Token) -> bool:
        """Whether the node says anything."""
        ...

    def about(self, node: Token) -> Mapping[Token, Sequence[Token]]:
        """What a node says, by predicate; asked once for each node of a record."""
        ...

    def subjects(self, predicate: Token, target: Token) -> list[Token]:
        """Who says a node by a predicate, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """The statements that describe a dataset, and what was left out; `too_much` says why it can't be taken."""

    lines: list[Line]
    set_aside: tuple[Problem, ...] = ()
    too_much: str | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows the statements of one page from a dataset outwards.

    `is_apart` tells nodes of the classes `APART`, `is_end` those and listings with an address: neither is led to.
    `is_foreign` tells IRIs that belong to somebody else.
    """

    said: Said
    is_apart: Callable[[Token], bool]
    is_end: Callable[[Token], bool]
    is_foreign: Callable[[str], bool]
    limits: Limits

    def follow(self, root: Token) -> Followed:
        """The statements of every node that `root` leads to; beyond the limits those up to there."""
        queue = deque([(root, 0)])
        seen = {root}
        about_data = {root}
        lines: list[Line] = []
        set_aside: list[Problem] = []
        while queue:
            node, depth = queue.popleft()
            about = self.said.about(node)
            if node == root:
                about_data.update(about.get(DISTRIBUTION, ()))
            said = [(node, name, term) for name, terms in about.items() for term in terms]
            lines += said
            steps = [term for _, name, term in said if term[0] != '"' and self._leads_on(name, term)]
            for step in [*steps, *self._backward(node)] if node in about_data else steps:
                if step not in seen:
                    seen.add(step)
                    if not self._set_aside(step, set_aside):
                        queue.append((step, depth + 1))
            too_much = self._beyond(len(seen), depth, len(lines))
            if too_much:
                return Followed(lines, too_much=too_much)
        return Followed(lines, tuple(set_aside), self._too_long(lines))

    def _beyond(self, nodes: int, depth: int, lines: int) -> str | None:
        if nodes > self.limits.nodes or depth > self.limits.depth:
            return f"It has more than {self.limits.nodes} parts or is nested too deeply"
        return f"It has more than {self.limits.lines} statements" if lines > self.limits.lines else None

    def _too_long(self, lines: list[Line]) -> str | None:
        long = next((name for _, name, term in lines if len(term) > self.limits.value), None)
        return long and f"One of its values, by {value_of(long)}, has more than {self.limits.value} characters"

    def _leads_on(self, predicate: Token, target: Token) -> bool:
        """Whether a node that is said by the predicate belongs to the description."""
        # Nobody can look up a blank node elsewhere, so it is followed even where an IRI would only be linked.
        if predicate == TYPE or (predicate in LINKS and not is_blank(target)):
            return False
        return target in self.said and not self.is_end(target)

    def _backward(self, node: Token) -> Iterator[Token]:
        for predicate in INVERSE:
            yield from (other for other in self.said.subjects(predicate, node) if not self.is_apart(other))

    def _set_aside(self, node: Token, problems: list[Problem]) -> bool:
        if is_blank(node) or not self.is_foreign(value_of(node)):
            return False
        iri = value_of(node)
        reason = f"The description of {iri} was left out: it belongs to another member or to this registry"
        problems.append(Problem(iri, "not_yours", reason, "warning"))
        return True
