"""Statements arranged for look-ups: what each node says, by predicate, and who says a node."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from ckanext.citizendata.core.terms import RDF
from ckanext.citizendata.core.tokens import Line, Token, split_lines, token

__all__ = ["Tree"]

NOTHING: Mapping[Token, Sequence[Token]] = {}
TYPE = token(RDF.type)


class Tree:
    """Canonical N-Triples, read once."""

    def __init__(self, text: str) -> None:
        said: dict[Token, dict[Token, list[Token]]] = {}
        mentioned: set[Token] = set()
        shared: set[Token] = set()
        before = None
        about: dict[Token, list[Token]] = {}
        # What is said of one node stands together, so that its place is looked up once.
        for subject, predicate, target in split_lines(text):
            if subject != before:
                about = said.setdefault(subject, {})
                before = subject
            if predicate in about:
                about[predicate].append(target)
            else:
                about[predicate] = [target]
            if target[0] == "_":
                (shared if target in mentioned else mentioned).add(target)
        self._said: Mapping[Token, Mapping[Token, Sequence[Token]]] = said
        self._shared = shared

    def __contains__(self, node: Token) -> bool:
        return node in self._said

    def __iter__(self) -> Iterator[Token]:
        """Every node that says something."""
        return iter(self._said)

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

    def objects(self, subject: Token, predicate: Token) -> list[Token]:
        """What a node says by a predicate, sorted."""
        return sorted(self.about(subject).get(predicate, ()))

    def subjects(self, predicate: Token, target: Token) -> list[Token]:
        """Who says a node by a predicate, sorted; literals aren't looked up."""
        return sorted(subject for subject, said in self._back.get(target, ()) if said == predicate)

    def typed(self, classes: Iterable[Token]) -> list[Token]:
        """The nodes of any of the classes, each once, in the order of classes and names."""
        return list(dict.fromkeys(node for each in classes for node in self.subjects(TYPE, each)))

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

    @cached_property
    def _back(self) -> Mapping[Token, Sequence[tuple[Token, Token]]]:
        """Who says each node, and by what."""
        back: dict[Token, list[tuple[Token, Token]]] = {}
        for node, predicate, terms in self.without(()):
            for term in terms:
                if term[0] != '"':
                    back.setdefault(term, []).append((node, predicate))
        return back
