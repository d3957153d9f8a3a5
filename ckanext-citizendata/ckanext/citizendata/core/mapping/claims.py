"""Nodes as read, and which of them may leave the residue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.plan import Property
from ckanext.citizendata.core.tokens import Token

__all__ = ["Claims", "Item", "doubt_company", "doubt_twins"]

Claims: TypeAlias = set[tuple[Token, Token, Token]]


@dataclass(slots=True)
class Item:
    """One node as read; `exact` while writing its values gives again the statements that they were read from.

    `nodes` are the nodes with an IRI that were read for it: others may speak of these too. `rest` is what its parts
    couldn't take.
    """

    values: dict[str, Any] = field(default_factory=dict)
    claimed: list[tuple[Token, Token, Token]] = field(default_factory=list)
    nodes: list[Token] = field(default_factory=list)
    rest: list[tuple[Property, Decoded]] = field(default_factory=list)
    exact: bool = True


def doubt_twins(items: Sequence[Item]) -> None:
    """Nodes that read the same can't be told apart by their values, so that none of them is claimed."""
    for number, item in enumerate(items):
        for other in items[number + 1 :]:
            if item.values == other.values:
                item.exact = other.exact = False


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
