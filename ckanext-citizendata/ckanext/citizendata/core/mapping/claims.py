"""Nodes as read, and which of them may leave the residue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.properties import Property
from ckanext.citizendata.core.tokens import Line, Token

__all__ = ["Claims", "Item", "doubt_company", "doubt_twins"]


@dataclass(slots=True)
class Item:
    """One node as read; `exact` while writing its values gives again the statements that they were read from.

    `whole` are the nodes of which every statement is claimed, `claimed` statements of others. `nodes` are the nodes
    with an IRI that were read for it: others may speak of these too. `rest` is what its parts couldn't take.
    """

    values: dict[str, Any] = field(default_factory=dict)
    whole: list[Token] = field(default_factory=list)
    claimed: list[Line] = field(default_factory=list)
    nodes: list[Token] = field(default_factory=list)
    rest: Sequence[tuple[Property, Decoded]] = ()
    exact: bool = True


@dataclass(slots=True)
class Claims:
    """What may leave the residue: nodes with all that they say, what the subject says by a predicate, statements."""

    whole: set[Token] = field(default_factory=set)
    predicates: set[Token] = field(default_factory=set)
    lines: set[Line] = field(default_factory=set)

    def add(self, items: Iterable[Item]) -> None:
        """Claims what was read for items."""
        for item in items:
            self.whole.update(item.whole)
            self.lines.update(item.claimed)

    def leave(self, nodes: Set[Token]) -> None:
        """Claims nothing that these nodes say."""
        if not nodes:
            return
        self.whole -= nodes
        self.lines = {line for line in self.lines if line[0] not in nodes}


def doubt_twins(items: Sequence[Item]) -> Sequence[Item]:
    """The items that differ, one of each; those that read the same can't be told apart, so that none is claimed."""
    different: list[Item] = []
    for item in items:
        twin = next((other for other in different if other.values == item.values), None)
        if twin is None:
            different.append(item)
        else:
            twin.exact = item.exact = False
    return different


def doubt_company(items: Sequence[Item]) -> None:
    """Of items that are read from one node all are claimed or none: one would take statements from the others."""
    company: dict[Token, list[Item]] = {}
    for item in items:
        for node in item.nodes:
            company.setdefault(node, []).append(item)
    waiting = [item for item in items if not item.exact and item.nodes]
    while waiting:
        for node in waiting.pop().nodes:
            for other in company.pop(node, ()):
                if other.exact:
                    other.exact = False
                    waiting.append(other)
