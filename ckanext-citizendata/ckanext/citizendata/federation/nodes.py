"""What the nodes of a large page say, read from disk as it is asked for, the last of it kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ckanext.citizendata.core.following import APART, CATALOG_RECORD, DATASET, TYPE, Limits
from ckanext.citizendata.core.listing import TOPIC, is_of_listing
from ckanext.citizendata.core.tokens import Token, is_iri
from ckanext.citizendata.federation.statements import Statements

__all__ = ["MOST_LISTED", "Nodes", "TooMuchText"]

# So many catalogue records may list a dataset, and so many statements may one of them have that matter.
MOST_LISTED = 20_000
KEPT_CLASSES = frozenset(APART)
# In characters, with what Python needs for each statement: about 32 MB.
MOST_KNOWN = 16_000_000
EACH = 150


class TooMuchText(Exception):  # noqa: N818 - what a record has, not an error of ours
    """One record has more text than it may."""


@dataclass(frozen=True, slots=True)
class _Node:
    """What a node says; `is_cut` where that is more than a record may have: then some of it."""

    said: Mapping[Token, Sequence[Token]]
    classes: frozenset[Token]
    characters: int
    is_cut: bool


class Nodes:
    """`following.Said` of the statements of a page; nodes that many records share are read once or a few times.

    `characters` counts those of the record that is being followed.
    """

    def __init__(self, statements: Statements, limits: Limits) -> None:
        self._statements = statements
        self._limits = limits
        self._known: dict[Token, _Node] = {}
        self._listings: dict[Token, Sequence[tuple[Token, Token]]] = {}
        self._size = 0
        self.characters = 0

    def __contains__(self, node: Token) -> bool:
        return bool(self._node(node).said)

    def about(self, node: Token) -> Mapping[Token, Sequence[Token]]:
        """What a node says, by predicate; raises `TooMuchText` where its record has more than it may have."""
        found = self._node(node)
        self.characters += found.characters
        if self.characters > self._limits.characters:
            raise TooMuchText
        return found.said

    def subjects(self, predicate: Token, target: Token) -> list[Token]:
        """Who says a node by a predicate, sorted; no more of them than are too many for a record."""
        return list(islice(self._statements.subjects(predicate, target), self._limits.nodes + 1))

    def is_apart(self, node: Token) -> bool:
        """Whether it is of a class that belongs to no dataset's description."""
        return not KEPT_CLASSES.isdisjoint(self._node(node).classes)

    def is_end(self, node: Token) -> bool:
        """Whether it isn't led to."""
        return self.is_apart(node) or (is_iri(node) and self.is_listing(node))

    def is_dataset(self, node: Token) -> bool:
        """Whether it is a dataset."""
        return DATASET in self._node(node).classes

    def is_listing(self, node: Token) -> bool:
        """Whether it is a catalogue record."""
        return CATALOG_RECORD in self._node(node).classes

    def listing(self, node: Token) -> Sequence[tuple[Token, Token]]:
        """What a catalogue record says of how datasets are listed: predicate and target, sorted."""
        found = self._listings.get(node)
        if found is None:
            found = self._listings[node] = self._read_listing(node)
            self._count(sum(len(target) for _, target in found), len(found))
        return found

    def listings(self, dataset: Token) -> list[Token]:
        """The catalogue records of a dataset, sorted; `MOST_LISTED` and no more where there are too many."""
        found = islice(self._statements.subjects(TOPIC, dataset), MOST_LISTED)
        return [each for each in found if self.is_listing(each)]

    def _node(self, node: Token) -> _Node:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._read(node)
            self._count(found.characters, sum(map(len, found.said.values())))
        return found

    def _count(self, characters: int, statements: int) -> None:
        """Begin anew where too much is known, the last node aside."""
        self._size += characters + EACH * (statements + 1)
        if self._size > MOST_KNOWN:
            self._known.clear()
            self._listings.clear()
            self._size = 0

    def _read(self, node: Token) -> _Node:
        pairs, characters, is_cut = self._some(self._statements.about(node), self._limits.lines)
        said: dict[Token, list[Token]] = {}
        for predicate, target in sorted(pairs):
            said.setdefault(predicate, []).append(target)
        classes = self._statements.objects(node, TYPE) if is_cut else said.get(TYPE, ())
        kept = frozenset(each for each in classes if each in KEPT_CLASSES or each == CATALOG_RECORD)
        return _Node(said, kept, characters, is_cut)

    def _read_listing(self, node: Token) -> Sequence[tuple[Token, Token]]:
        found = self._node(node)
        if not found.is_cut:
            said = ((predicate, target) for predicate, targets in found.said.items() for target in targets)
            return [pair for pair in said if is_of_listing(*pair)]
        said = (pair for pair in self._statements.about(node) if is_of_listing(*pair))
        pairs, _, _ = self._some(said, MOST_LISTED - 1)
        return sorted(pairs)

    def _some(self, said: Iterable[tuple[Token, Token]], most: int) -> tuple[set[tuple[Token, Token]], int, bool]:
        """Each once, up to one more than so many; their characters; and whether there are more."""
        pairs: set[tuple[Token, Token]] = set()
        characters = 0
        for pair in said:
            if pair not in pairs:
                pairs.add(pair)
                characters += len(pair[1])
                if len(pairs) > most or characters > self._limits.characters:
                    return pairs, characters, True
        return pairs, characters, False
