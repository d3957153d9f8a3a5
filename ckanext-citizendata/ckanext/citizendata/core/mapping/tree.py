"""A fragment arranged for reading: what each node says, by predicate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.citizendata.core.graph import Graph, Node, Subject

__all__ = ["Tree"]

NOTHING: Mapping[NamedNode, list[Node]] = {}


class Tree:
    """A graph, read once; `Index` serves single look-ups, this one every predicate of every node in turn."""

    __slots__ = ("_mentions", "_said")

    def __init__(self, graph: Graph) -> None:
        said: dict[Subject, dict[NamedNode, list[Node]]] = {}
        mentions: Counter[str] = Counter()
        for triple in graph:
            about, target = triple.subject, triple.object
            if isinstance(about, Triple) or isinstance(target, Triple):
                continue  # RDF 1.2's statements about statements: no field speaks of them, so that they stay residue.
            said.setdefault(about, {}).setdefault(triple.predicate, []).append(target)
            if isinstance(target, BlankNode):
                mentions[target.value] += 1
        self._said = said
        self._mentions = mentions

    def about(self, node: Node) -> Mapping[NamedNode, Sequence[Node]]:
        """What a node says, by predicate."""
        return self._said.get(node, NOTHING)  # type: ignore[arg-type]

    def size(self, node: Node) -> int:
        """How many statements have the node as their subject."""
        return sum(map(len, self.about(node).values()))

    def is_shared(self, node: BlankNode) -> bool:
        """Whether several statements lead to a blank node, so that it can't be taken out with one of them."""
        return self._mentions[node.value] > 1
