"""A page of a feed as the rest of a harvest sees it."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.tokens import Token, is_iri, value_of

__all__ = ["Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as canonical N-Triples: each statement once, sorted; `url` is where it was finally found.

    `framed` says that its server told where it ends.
    """

    url: str
    text: str
    problems: tuple[Problem, ...] = ()
    framed: bool = True

    @property
    def subjects(self) -> frozenset[str]:
        """The IRIs that the page says something about."""
        tokens = dict.fromkeys(line.partition(" ")[0] for line in self.text.split(" .\n")[:-1])
        return frozenset(value_of(each) for each in tokens if is_iri(each))

    def objects(self, predicate: Token) -> frozenset[Token]:
        """What anything on the page says by `predicate`."""
        found: set[Token] = set()
        at = self.text.find(f" {predicate} ")
        while at >= 0:
            # Each line is looked at once, however often the words stand in its text.
            start, end = self.text.rfind("\n", 0, at) + 1, self.text.index(" .\n", at)
            _, said_by, said = self.text[start:end].split(" ", 2)
            if said_by == predicate:
                found.add(said)
            at = self.text.find(f" {predicate} ", end)
        return frozenset(found)

    def names(self, node: Token) -> bool:
        """Whether any statement of the page has `node` as its object."""
        return f" {node} .\n" in self.text
