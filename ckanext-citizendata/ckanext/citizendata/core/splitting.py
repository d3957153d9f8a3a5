"""A catalogue's graph cut into one fragment for each dataset; nothing that is said about a dataset gets lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ckanext.citizendata.core.fingerprint import named_by_content
from ckanext.citizendata.core.following import APART, CATALOG_RECORD, DATASET, Follower, Limits
from ckanext.citizendata.core.identity import minted_iri
from ckanext.citizendata.core.listing import Listing, Tombstone, listing_of, tombstones_in
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_iri, token_of_subject, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = ["SHARED_TOO_MUCH", "Limits", "Received", "Rest", "Split", "split"]

SHARED_TOO_MUCH = "The datasets of its page share too much: apart, they are many times the page"


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
    `subjects` are all IRIs that a record of it says something about: whose they are decides what is set aside.
    """

    records: tuple[Received, ...]
    tombstones: tuple[Tombstone, ...]
    refused: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rest:
    """What a part of a page has to know of the rest of it.

    `refusals` are datasets of the part that are too large, and why; `apart` are nodes that nothing leads to, though the
    part doesn't say their classes. `nameless` is what gives an IRI to datasets of other parts that have none and are
    named in this one, as canonical N-Triples.
    """

    refusals: Mapping[Token, str] = field(default_factory=dict)
    apart: frozenset[Token] = frozenset()
    nameless: str = ""


def split(
    text: str, mint: str, foreign: Callable[[str], bool], limits: Limits | None = None, rest: Rest | None = None
) -> Split:
    """One record for each `dcat:Dataset` that isn't withdrawn, in the order of IRIs.

    :param text: the statements of a page as canonical N-Triples.
    :param mint: first part of the IRIs of datasets that have none.
    :param foreign: whether an IRI belongs to somebody else; such a subject is set aside and reported.
    :param rest: for a part of a page, what it has to know of the rest.
    """
    limits, rest = limits or Limits(), rest or Rest()
    tree = Tree(text)
    tombstones = tuple(each for each in tombstones_in(tree) if _fits(each.iri, limits))
    names, refused = _names(tree, mint, limits)
    both = {each.iri for each in tombstones} & set(names.values())
    asked = _Asked(foreign)
    cutter = _Cutter(tree, {**_others(rest, mint), **names}, rest.refusals, _follower(tree, rest, asked, limits))
    found = [cutter.record(root) for root in names if names[root] not in both]
    records = [each for each in found if isinstance(each, Received)]
    refused += [each for each in found if isinstance(each, Problem)]
    records.sort(key=lambda each: (each.iri, each.fingerprint))
    contradictions = tuple(_contradiction(iri) for iri in sorted(both))
    return Split(tuple(records), tombstones, tuple(refused), contradictions, asked.about.union(names.values()))


class _Asked:
    """Whether an IRI belongs to somebody else, and all IRIs of which that was asked."""

    def __init__(self, foreign: Callable[[str], bool]) -> None:
        self._foreign = foreign
        self._about: set[str] = set()

    def __call__(self, iri: str) -> bool:
        self._about.add(iri)
        return self._foreign(iri)

    @property
    def about(self) -> frozenset[str]:
        return frozenset(self._about)


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


def _others(rest: Rest, mint: str) -> dict[Token, str]:
    """The IRIs of datasets of other parts that have none."""
    tree = Tree(rest.nameless)
    minted = ((root, minted_iri(tree, root, mint)) for root in tree if is_blank(root))
    return {root: iri for root, iri in minted if iri}


class _Cutter:
    """Cuts the records of one page; `names` are the IRIs of datasets, `refusals` why some can't be taken."""

    def __init__(
        self, tree: Tree, names: Mapping[Token, str], refusals: Mapping[Token, str], follower: Follower
    ) -> None:
        self._tree = tree
        self._names = names
        self._refusals = refusals
        self._follower = follower
        # What has no IRI in the page goes by the one that was minted.
        self._minted = {node: token_of_subject(iri) for node, iri in names.items() if is_blank(node)}
        # How many statements the records may still have in all.
        self._left = follower.limits.budget(sum(len(terms) for _, _, terms in tree.without(())))

    def record(self, root: Token) -> Received | Problem:
        """The dataset `root` with all that is said about it, or why it can't be taken."""
        iri = self._names[root]
        reason = self._refusals.get(root) or (SHARED_TOO_MUCH if self._left <= 0 else None)
        if reason:
            return Problem(iri, "too_large", reason)
        found = self._follower.follow(root)
        # What is refused took its time as well.
        self._left -= len(found.lines)
        if found.too_much:
            return Problem(iri, "too_large", found.too_much)
        named = named_by_content(self._renamed(found.lines))
        listing = listing_of(self._tree, root)
        return Received(iri, named.text, named.fingerprint, listing, is_blank(root), found.set_aside)

    def _renamed(self, lines: list[Line]) -> Iterable[Line]:
        """The statements with the IRI of each dataset that had none in the place of its blank node."""
        minted = self._minted
        return (
            [(minted.get(line[0], line[0]), line[1], minted.get(line[2], line[2])) for line in lines]
            if minted
            else lines
        )


def _follower(tree: Tree, rest: Rest, foreign: Callable[[str], bool], limits: Limits) -> Follower:
    apart = rest.apart.union(tree.typed(APART))
    ends = apart | {node for node in tree.typed([CATALOG_RECORD]) if is_iri(node)}
    return Follower(tree, apart.__contains__, ends.__contains__, foreign, limits)
