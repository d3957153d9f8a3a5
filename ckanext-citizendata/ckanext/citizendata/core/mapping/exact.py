"""Reads nodes that say just what writing their values says: nearly every node of ours, told without counting lines.

What is read here is claimed as a whole. Any other node, of others or with something more, is for `nodes.NodeReader`;
what both can read they read alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ckanext.citizendata.core.mapping.claims import Item
from ckanext.citizendata.core.mapping.plan import NodePlan, Outline
from ckanext.citizendata.core.mapping.properties import Consequence, Property, Support
from ckanext.citizendata.core.tokens import Token, is_literal, written_iri
from ckanext.citizendata.core.tree import Tree

__all__ = ["ExactReader", "exact_value", "read_lists"]

About: TypeAlias = Mapping[Token, Sequence[Token]]


def exact_value(plan: Property, tree: Tree, terms: Sequence[Token], item: Item) -> Any:
    """The value that is written as just these terms, with all that is said of them claimed; else None."""
    value = plan.codec.exact(terms)
    if plan.support is None or value is None:
        return value
    for term in terms:
        if not _is_beside(plan.support, tree, term, item):
            return None
    return value


def read_lists(readers: Mapping[Token, Property], terms: Sequence[Token], item: Item) -> bool:
    """Whether each term is of one list alone, and each list is said just as its value is written."""
    found: dict[str, list[Token]] = {}
    for term in terms:
        part = readers.get(term)
        if part is None:
            return False
        found.setdefault(part.key, []).append(term)
    values = {key: readers[own[0]].codec.exact(own) for key, own in found.items()}
    if None in values.values():
        return False
    item.values.update(values)
    return True


def _is_beside(support: Support, tree: Tree, term: Token, item: Item) -> bool:
    """Whether just what we would write is said of a term, so that it is claimed."""
    said = support.said(term)
    if not said:
        return True
    if tree.about(term) != said:
        return False
    item.whole.append(term)
    return True


class ExactReader:
    """Reads nodes of a tree for the record `subject`, to which a constant may point back."""

    def __init__(self, tree: Tree, subject: Token) -> None:
        self._tree = tree
        self._subject = subject

    def read(self, plan: NodePlan, node: Token) -> Item | None:
        """The node's values and those of the nodes inside it; None for a node that is to be read with care."""
        item = Item({}, [], [], [])
        return item if self._read_node(plan, node, item) else None

    def _read_node(self, plan: NodePlan, node: Token, item: Item) -> bool:
        """Whether what is read into the item is all that the node says, and just what writing the item says."""
        outline = plan.outline
        values = item.values
        before = len(values)
        if outline is None or not self._take(plan, node, item):
            return False
        about = self._tree.about(node)
        single, constants = outline.single, outline.constants
        for predicate, terms in about.items():
            if predicate in single:
                key, read = single[predicate]
                value = read(terms[0]) if len(terms) == 1 else None
                if value is None:
                    return False
                values[key] = value
            elif predicate in constants:
                if terms != constants[predicate]:
                    return False
            elif not self._read_more(outline, predicate, terms, item):
                return False
        is_whole = about.keys() >= outline.said and values.keys() >= outline.needed and len(values) > before
        return is_whole and (not outline.following or self._follow(outline.following, about, item))

    def _take(self, plan: NodePlan, node: Token, item: Item) -> bool:
        """Whether the node's name is one that writing gives it."""
        item.whole.append(node)
        if node[0] == "_":
            return not self._tree.is_shared(node)
        if node[0] == '"' or plan.itself is None or node == self._subject:
            return False
        item.nodes.append(node)
        item.values[plan.itself] = iri = written_iri(node)
        return iri is not None

    def _read_more(self, outline: Outline, predicate: Token, terms: Sequence[Token], item: Item) -> bool:
        if predicate in outline.pointing_back:
            return len(terms) == 1 and terms[0] == self._subject
        if predicate in outline.children:
            return len(terms) == 1 and self._read_node(outline.children[predicate], terms[0], item)
        if predicate in outline.parts:
            return self._read_part(outline.parts[predicate], predicate, terms, item)
        # What follows from a value is judged once all values are there.
        return any(predicate == consequence.predicate for _, consequence in outline.following)

    def _read_part(self, part: Property, predicate: Token, terms: Sequence[Token], item: Item) -> bool:
        values = item.values
        if part.otherwise is not None:
            is_outside = predicate == part.otherwise
            if part.key in values or any(is_literal(term) != is_outside for term in terms):
                return False
        value = exact_value(part, self._tree, terms, item)
        values[part.key] = value
        return value is not None

    def _follow(self, following: Sequence[tuple[Property, Consequence]], about: About, item: Item) -> bool:
        return all(self._follows(part, consequence, about, item) for part, consequence in following)

    def _follows(self, part: Property, consequence: Consequence, about: About, item: Item) -> bool:
        said = about.get(consequence.predicate, ())
        follows = consequence.nodes.get(item.values.get(part.key, ""))
        if follows is None or [*said] != [follows]:
            return follows is None and not said
        return consequence.support is None or _is_beside(consequence.support, self._tree, follows, item)
