"""The tombstones of a page, by the code that a harvest reads them with."""

from __future__ import annotations

from ckanext.citizendata.core.graph import Index, ntriples_from_graph
from ckanext.citizendata.core.listing import Tombstone, tombstones_in
from ckanext.citizendata.core.tree import Tree

__all__ = ["tombstones_of"]


def tombstones_of(page: Index) -> tuple[Tombstone, ...]:
    """Every dataset that the page reports as taken back."""
    said = (statement for node in page.described for statement in page.statements(node))
    return tombstones_in(Tree(ntriples_from_graph(said)))
