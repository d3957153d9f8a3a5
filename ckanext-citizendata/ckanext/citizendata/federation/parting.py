"""A page that doesn't fit into memory in parts that do: each holds all that belongs to some of its datasets.

Together the parts are what the page would be: no part says that something is a dataset whose description is in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from ckanext.citizendata.core.following import DATASET, TYPE, Follower, Limits
from ckanext.citizendata.core.identity import NAME, PUBLISHER, TOLD_BY
from ckanext.citizendata.core.listing import STATUS, TAKEN_BACK, TOPIC
from ckanext.citizendata.core.splitting import SHARED_TOO_MUCH, Rest
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_iri, text_of, value_of
from ckanext.citizendata.federation.nodes import MOST_LISTED, Nodes, TooMuchText
from ckanext.citizendata.federation.statements import Statements

__all__ = ["Part", "parts"]

# What is looked at together: about as much as an ordinary page has.
DATASETS = 200
CHARACTERS = 2_000_000
LINES = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """Canonical N-Triples of some datasets of a page, and what they have to know of the others."""

    text: str
    rest: Rest = Rest()


def parts(statements: Statements, limits: Limits, datasets: int = DATASETS) -> Iterator[Part]:
    """The page that these are the statements of: what belongs to the feed, so many datasets at a time, tombstones.

    There is one part at least. What is withdrawn comes last: of two tombstones for one dataset the last one counts.
    """
    statements.arrange()
    cutter = _Cutter(statements, limits)
    of_feed = _in_parts(statements.of_feed())
    yield Part(next(of_feed, ""))
    yield from map(Part, of_feed)
    yield from cutter.datasets(datasets)
    yield from map(Part, _in_parts(cutter.tombstones()))


def _in_parts(lines: Iterable[Line]) -> Iterator[str]:
    taken: set[Line] = set()
    characters = 0
    for line in lines:
        taken.add(line)
        characters += len(line[2])
        if len(taken) >= LINES or characters > CHARACTERS:
            yield text_of(taken)
            taken.clear()
            characters = 0
    if taken:
        yield text_of(taken)


@dataclass(slots=True)
class _Growing:
    """A part that is being made; `copies` counts what its datasets share once for each of them."""

    lines: set[Line] = field(default_factory=set)
    refusals: dict[Token, str] = field(default_factory=dict)
    apart: set[Token] = field(default_factory=set)
    nameless: set[Line] = field(default_factory=set)
    datasets: int = 0
    copies: int = 0
    characters: int = 0

    def part(self) -> Part:
        return Part(text_of(self.lines), Rest(self.refusals, frozenset(self.apart), text_of(self.nameless)))


class _Cutter:
    """Finds what `splitting.split` will ask for, by the same rules."""

    def __init__(self, statements: Statements, limits: Limits) -> None:
        self._statements = statements
        self._limits = limits
        self._nodes = Nodes(statements, limits)
        self._follower = Follower(self._nodes, self._nodes.is_apart, self._nodes.is_end, _nobodys, limits)
        # How many statements all datasets of the page may still have: a part of it can't know.
        self._left = limits.budget(statements.number)

    def datasets(self, most: int) -> Iterator[Part]:
        """All datasets in their order, in parts that are no larger than a page, but for a dataset that alone is."""
        growing = _Growing()
        for root in self._statements.datasets():
            self._take(root, growing)
            if growing.datasets >= most or self._is_full(growing):
                yield growing.part()
                growing = _Growing()
        if growing.datasets:
            yield growing.part()

    def tombstones(self) -> Iterator[Line]:
        """All that is said of what was taken back."""
        for topic, record in self._statements.taken_back():
            if is_iri(topic) and self._nodes.is_listing(record):
                yield from self._listed(record, topic)

    def _is_full(self, growing: _Growing) -> bool:
        # With more copies a part would be refused for what its datasets share, which is for the page to say.
        most_copies = self._limits.statements - self._limits.lines
        return growing.characters > CHARACTERS or len(growing.lines) > LINES or growing.copies > most_copies

    def _take(self, root: Token, growing: _Growing) -> None:
        """Add a dataset with its description and listings, or why it can't be taken."""
        growing.datasets += 1
        growing.lines.add((root, TYPE, DATASET))
        growing.lines.update(self._told_by(root))
        growing.apart.update(filter(self._nodes.is_apart, self._nameless_publishers(root)))
        records = self._nodes.listings(root)
        too_much = self._too_many(records)
        if not too_much:
            listed = {line for record in records for line in self._listed(record, root)}
            growing.lines |= listed
            growing.apart.update(filter(self._nodes.is_apart, records))
            growing.characters += sum(len(target) for _, _, target in listed)
            if is_iri(root) and any((record, STATUS, TAKEN_BACK) in listed for record in records):
                return
        too_much = too_much or self._describe(root, growing)
        if too_much:
            growing.refusals[root] = too_much

    def _too_many(self, records: list[Token]) -> str | None:
        if max(len(records), *(len(self._nodes.listing(each)) for each in records), 0) < MOST_LISTED:
            return None
        return f"It is listed in more than {MOST_LISTED} ways"

    def _listed(self, record: Token, topic: Token) -> Iterator[Line]:
        """What a catalogue record says of how a dataset is listed; of its other topics nothing."""
        yield record, TOPIC, topic
        for predicate, target in self._nodes.listing(record):
            yield record, predicate, target

    def _describe(self, root: Token, growing: _Growing) -> str | None:
        """Add all that describes a dataset; what comes back is why it can't be taken."""
        if self._left <= 0:
            return SHARED_TOO_MUCH
        if is_iri(root) and len(value_of(root).encode("utf-8", "surrogatepass")) > self._limits.address:
            # It will be refused for its address.
            return None
        self._nodes.characters = 0
        try:
            found = self._follower.follow(root)
        except TooMuchText:
            self._left -= self._limits.lines
            return f"Its values have more than {self._limits.characters} characters"
        self._left -= len(found.lines)
        if not found.too_much:
            growing.lines.update(found.lines)
            growing.copies += len(found.lines)
            growing.characters += self._nodes.characters
            for target in {target for _, _, target in found.lines if is_blank(target)}:
                if target != root and self._nodes.is_dataset(target):
                    growing.nameless.update(self._told_by(target))
        return found.too_much

    def _told_by(self, root: Token) -> Iterator[Line]:
        """What gives an IRI to a dataset that has none, also to one that can't be taken."""
        if is_iri(root):
            return
        yield from self._some(root, TOLD_BY)
        for publisher in self._nameless_publishers(root):
            yield from self._some(publisher, (NAME,))

    def _nameless_publishers(self, root: Token) -> list[Token]:
        if is_iri(root):
            return []
        found = islice(self._statements.objects(root, PUBLISHER), self._limits.lines)
        return [each for each in found if is_blank(each)]

    def _some(self, node: Token, predicates: Iterable[Token]) -> Iterator[Line]:
        """What a node says by these, up to what a record may have."""
        said = ((node, name, target) for name in predicates for target in self._statements.objects(node, name))
        left = self._limits.characters
        for line in islice(said, self._limits.lines):
            left -= len(line[2])
            if left < 0:
                return
            yield line


def _nobodys(_iri: str) -> bool:
    """Who else owns an IRI isn't known here: what belongs to others is taken along, and set aside later."""
    return False
