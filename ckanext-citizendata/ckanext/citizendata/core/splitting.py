"""A catalogue's graph cut into one fragment for each dataset; nothing that is said about a dataset gets lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ckanext.citizendata.core.fingerprint import named_by_content
from ckanext.citizendata.core.identity import minted_iri
from ckanext.citizendata.core.listing import Listing, Tombstone, listing_of, tombstones_in
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT, DCT, DQV, FOAF, OA, OWL, RDF, RDFS, SKOS
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_iri, token, token_of_subject, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = ["LINKS", "Limits", "Received", "Split", "split"]

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

# A series is no record of its own here, so that its description would be lost if it didn't ride with its datasets.
TYPE, DATASET, CATALOG_RECORD = token(RDF.type), token(DCAT.Dataset), token(DCAT.CatalogRecord)
DISTRIBUTION = token(DCAT.distribution)
RECORDS = (DATASET, token(DCAT.Catalog))
SCHEMA_TERMS = tuple(
    token(node)
    for node in [
        *(RDFS[name] for name in ("Class", "Datatype")),
        *(
            OWL[name]
            for name in ("Class", "Restriction", "Ontology", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
        ),
        RDF.Property,
    ]
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many nodes one record may have, how many steps from its dataset they may lie, how many `lines` it may have.

    `value` is the length of a literal as it is written, in characters.
    What datasets share is copied into each record: all records of a page may have so many `statements`, or `copies`
    times those of the page, before the next is refused. `address` is the length of a dataset's IRI in bytes: more can't
    be looked up in an index of PostgreSQL.
    """

    nodes: int = 10_000
    depth: int = 1_000
    lines: int = 20_000
    value: int = 1_000_000
    statements: int = 500_000
    copies: int = 20
    address: int = 2_000


@dataclass(frozen=True, slots=True)
class Received:
    """One dataset as a feed describes it: every statement as canonical N-Triples, blank nodes named by content.

    `unnamed` says that the source gave it no IRI: `iri` was minted, and export puts the blank node back.
    """

    iri: str
    fragment: str
    fingerprint: str
    listing: Listing
    unnamed: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """What a graph holds for a registry.

    `refused` are datasets that can't be taken, with their IRI as path ("" where they have none); `problems` the rest.
    """

    records: tuple[Received, ...]
    tombstones: tuple[Tombstone, ...]
    refused: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def split(text: str, mint: str, foreign: Callable[[str], bool], limits: Limits | None = None) -> Split:
    """One record for each `dcat:Dataset` that isn't withdrawn, in the order of IRIs.

    :param text: the statements of a page as canonical N-Triples.
    :param mint: first part of the IRIs of datasets that have none.
    :param foreign: whether an IRI belongs to somebody else; such a subject is set aside and reported.
    """
    limits = limits or Limits()
    tree = Tree(text)
    tombstones = tuple(each for each in tombstones_in(tree) if _fits(each.iri, limits))
    names, refused = _names(tree, mint, limits)
    both = {each.iri for each in tombstones} & set(names.values())
    cutter = _Cutter(tree, names, foreign, limits)
    found = [cutter.record(root) for root in names if names[root] not in both]
    records = [each for each in found if isinstance(each, Received)]
    refused += [each for each in found if isinstance(each, Problem)]
    records.sort(key=lambda each: (each.iri, each.fingerprint))
    return Split(tuple(records), tombstones, tuple(refused), tuple(_contradiction(iri) for iri in sorted(both)))


def _fits(iri: str, limits: Limits) -> bool:
    return len(iri.encode("utf-8", "surrogatepass")) <= limits.address


def _contradiction(iri: str) -> Problem:
    message = f"{iri} is listed and withdrawn in the same feed; it counts as withdrawn"
    return Problem(iri, "withdrawn_and_listed", message, "warning")


def _names(tree: Tree, mint: str, limits: Limits) -> tuple[dict[Token, str], list[Problem]]:
    """The IRI of each dataset, minted where it has none, and a problem for each that has none to be told by."""
    names: dict[Token, str] = {}
    problems: list[Problem] = []
    for root in tree.typed([DATASET]):
        iri = value_of(root) if is_iri(root) else minted_iri(tree, root, mint)
        if iri is None:
            reason = "A dataset without address, identifier, landing page and title can't be told from others"
            problems.append(Problem("", "no_identity", reason))
        elif not _fits(iri, limits):
            reason = f"A dataset's address has more than {limits.address} bytes; it begins with {iri[:80]}"
            problems.append(Problem("", "no_identity", reason))
        else:
            names[root] = iri
    return names, problems


class _Cutter:
    """Follows the statements of one page from a dataset outwards; `names` are the IRIs of the datasets."""

    def __init__(self, tree: Tree, names: Mapping[Token, str], foreign: Callable[[str], bool], limits: Limits) -> None:
        self._tree = tree
        self._names = names
        self._foreign = foreign
        self._limits = limits
        # What has no IRI in the page goes by the one that was minted.
        self._minted = {node: token_of_subject(iri) for node, iri in names.items() if is_blank(node)}
        self._apart = frozenset(tree.typed([*RECORDS, *SCHEMA_TERMS]))
        # What isn't led to: records, terms of schemas, and listings with an address.
        self._ends = self._apart | {node for node in tree.typed([CATALOG_RECORD]) if is_iri(node)}
        # How many statements the records may still have in all.
        self._left = max(limits.statements, limits.copies * sum(len(terms) for _, _, terms in tree.without(())))

    def record(self, root: Token) -> Received | Problem:
        """The dataset `root` with all that is said about it, or why it can't be taken."""
        iri = self._names[root]
        if self._left <= 0:
            return Problem(
                iri, "too_large", "The datasets of its page share too much: apart, they are many times the page"
            )
        set_aside: list[Problem] = []
        lines = self._follow(root, set_aside)
        if lines is None:
            return Problem(iri, "too_large", f"It has more than {self._limits.nodes} parts or is nested too deeply")
        too_much = self._too_much(lines)
        if too_much:
            return Problem(iri, "too_large", too_much)
        self._left -= len(lines)
        named = named_by_content(self._renamed(lines))
        listing = listing_of(self._tree, root)
        return Received(iri, named.text, named.fingerprint, listing, is_blank(root), tuple(set_aside))

    def _follow(self, root: Token, set_aside: list[Problem]) -> list[Line] | None:
        """The statements of every node that `root` leads to, or None beyond the limits."""
        queue = deque([(root, 0)])
        seen = {root}
        about_data = {root, *self._tree.objects(root, DISTRIBUTION)}
        lines: list[Line] = []
        while queue:
            node, depth = queue.popleft()
            said = [(node, name, term) for name, terms in self._tree.about(node).items() for term in terms]
            lines += said
            steps = [term for _, name, term in said if term[0] != '"' and self._leads_on(name, term)]
            for step in [*steps, *self._backward(node)] if node in about_data else steps:
                if step not in seen:
                    seen.add(step)
                    if not self._set_aside(step, set_aside):
                        queue.append((step, depth + 1))
            if len(seen) > self._limits.nodes or depth > self._limits.depth:
                return None
        return lines

    def _too_much(self, lines: list[Line]) -> str | None:
        if len(lines) > self._limits.lines:
            return f"It has more than {self._limits.lines} statements"
        long = next((name for _, name, term in lines if len(term) > self._limits.value), None)
        return long and f"One of its values, by {value_of(long)}, has more than {self._limits.value} characters"

    def _leads_on(self, predicate: Token, target: Token) -> bool:
        """Whether a node that is said by the predicate belongs to the description."""
        if target not in self._tree or predicate == TYPE or target in self._ends:
            return False
        # Nobody can look up a blank node elsewhere, so it is followed even where an IRI would only be linked.
        return is_blank(target) or predicate not in LINKS

    def _renamed(self, lines: list[Line]) -> Iterable[Line]:
        """The statements with the IRI of each dataset that had none in the place of its blank node."""
        minted = self._minted
        return (
            [(minted.get(line[0], line[0]), line[1], minted.get(line[2], line[2])) for line in lines]
            if minted
            else lines
        )

    def _backward(self, node: Token) -> Iterator[Token]:
        for predicate in INVERSE:
            yield from (other for other in self._tree.subjects(predicate, node) if other not in self._apart)

    def _set_aside(self, node: Token, problems: list[Problem]) -> bool:
        if is_blank(node) or not self._foreign(value_of(node)):
            return False
        iri = value_of(node)
        reason = f"The description of {iri} was left out: it belongs to another member or to this registry"
        problems.append(Problem(iri, "not_yours", reason, "warning"))
        return True
