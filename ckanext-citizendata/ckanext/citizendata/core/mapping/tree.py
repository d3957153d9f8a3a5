"""A fragment arranged for reading: what each node says, by predicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.citizendata.core.tokens import Line, Token, lines_of

__all__ = ["Tree"]

NOTHING: Mapping[Token, Sequence[Token]] = {}


class Tree:
    """Canonical N-Triples, read once."""

    __slots__ = ("_mentions", "_said", "lines")

    def __init__(self, text: str) -> None:
        said: dict[Token, dict[Token, list[Token]]] = {}
        mentions: dict[Token, int] = {}
        lines = lines_of(text)
        for subject, predicate, target in lines:
            about = said.get(subject)
            if about is None:
                said[subject] = {predicate: [target]}
            elif predicate in about:
                about[predicate].append(target)
            else:
                about[predicate] = [target]
            if target[0] == "_":
                mentions[target] = mentions.get(target, 0) + 1
        self.lines: frozenset[Line] = frozenset(lines)
        self._said = said
        self._mentions = mentions

    def about(self, node: Token) -> Mapping[Token, Sequence[Token]]:
        """What a node says, by predicate."""
        return self._said.get(node, NOTHING)

    def size(self, node: Token) -> int:
        """How many statements have the node as their subject."""
        return sum(map(len, self.about(node).values()))

    def is_shared(self, blank: Token) -> bool:
        """Whether several statements lead to a blank node, so that it can't be taken out with one of them."""
        return self._mentions.get(blank, 0) > 1
