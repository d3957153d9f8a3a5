"""A fragment arranged for reading: what each node says, by predicate."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property

from ckanext.citizendata.core.tokens import Line, Token

__all__ = ["Tree"]

NOTHING: Mapping[Token, Sequence[Token]] = {}


class Tree:
    """Canonical N-Triples, read once."""

    def __init__(self, text: str) -> None:
        said: dict[Token, dict[Token, list[Token]]] = {}
        mentioned: set[Token] = set()
        shared: set[Token] = set()
        before = None
        about: dict[Token, list[Token]] = {}
        # No literal holds a line break, and no IRI a blank: N-Triples escapes both. What is said of one node stands
        # together, so that its place is looked up once.
        for line in text.split(" .\n")[:-1]:
            subject, predicate, target = line.split(" ", 2)
            if subject != before:
                about = said.setdefault(subject, {})
                before = subject
            terms = about.get(predicate)
            if terms is None:
                about[predicate] = [target]
            else:
                terms.append(target)
            if target[0] == "_":
                (shared if target in mentioned else mentioned).add(target)
        self._said: Mapping[Token, Mapping[Token, Sequence[Token]]] = said
        self._shared = shared

    @cached_property
    def lines(self) -> frozenset[Line]:
        """Every statement."""
        return frozenset((node, predicate, term) for node, predicate, terms in self.without(()) for term in terms)

    def about(self, node: Token) -> Mapping[Token, Sequence[Token]]:
        """What a node says, by predicate."""
        return self._said.get(node, NOTHING)

    def has(self, subject: Token, predicate: Token, target: Token) -> bool:
        """Whether this is said."""
        return target in self.about(subject).get(predicate, ())

    def size(self, node: Token) -> int:
        """How many statements have the node as their subject."""
        return sum(map(len, self.about(node).values()))

    def is_shared(self, blank: Token) -> bool:
        """Whether several statements lead to a blank node, so that it can't be taken out with one of them."""
        return blank in self._shared

    def without(self, nodes: Container[Token]) -> Iterator[tuple[Token, Token, Sequence[Token]]]:
        """What all other nodes say: the node, a predicate, and all that it says by it."""
        for node, about in self._said.items():
            if node not in nodes:
                for predicate, terms in about.items():
                    yield node, predicate, terms
