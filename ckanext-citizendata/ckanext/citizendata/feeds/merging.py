"""Fragments of several datasets in one graph, so that no one's statements end up on what another describes."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, NamedNode, Triple

__all__ = ["Claims"]


class Claims:
    """Which entry describes which IRI in one graph: the first that does, but a dataset's own IRI is its own.

    Two fragments may both describe an agent or a place. Merged, they would give it two names; so the later description
    stays out of the merged graph, and is whole in the dataset's own file.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self._owner: dict[str, str | None] = dict.fromkeys(reserved)

    def reserve(self, iri: str, owner: str) -> None:
        """Keeps `iri` for `owner`, unless it is taken."""
        self._owner.setdefault(iri, owner)

    def admitted(self, triples: list[Triple], owner: str) -> list[Triple]:
        """The statements about what `owner` may describe, and the blank nodes that they lead to."""
        mine = [triple for triple in triples if self._may_describe(owner, triple)]
        if len(mine) == len(triples):
            return triples
        kept = set(map(id, mine))
        return _without_orphans(mine, [triple for triple in triples if id(triple) not in kept])

    def _may_describe(self, owner: str, triple: Triple) -> bool:
        subject = triple.subject
        return not isinstance(subject, NamedNode) or self._owner.setdefault(subject.value, owner) == owner


def _without_orphans(kept: list[Triple], dropped: list[Triple]) -> list[Triple]:
    """What remains of `kept` when the blank nodes that only `dropped` led to go too."""
    candidates = _reached([triple.object for triple in dropped], kept)
    if not candidates:
        return kept
    roots = [triple.object for triple in kept if triple.subject not in candidates]
    orphans = candidates - _reached(roots, kept)
    return [triple for triple in kept if triple.subject not in orphans]


def _reached(start: Iterable[object], triples: list[Triple]) -> set[BlankNode]:
    steps: dict[BlankNode, list[object]] = {}
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            steps.setdefault(triple.subject, []).append(triple.object)
    found: set[BlankNode] = set()
    queue = list(start)
    while queue:
        node = queue.pop()
        if isinstance(node, BlankNode) and node not in found:
            found.add(node)
            queue += steps.get(node, [])
    return found
