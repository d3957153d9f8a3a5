"""Reads nodes by their plan, with care: values, and the statements that these values are written as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckanext.citizendata.core.mapping.claims import Item
from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.outside import decode_outside
from ckanext.citizendata.core.mapping.plan import NodePlan
from ckanext.citizendata.core.mapping.properties import Property
from ckanext.citizendata.core.tokens import Line, Token, value_of, written_iri
from ckanext.citizendata.core.tree import Tree

__all__ = ["NodeReader"]


class NodeReader:
    """A record's tree, and the subject that its constants may point back to."""

    def __init__(self, tree: Tree, subject: Token) -> None:
        self.tree = tree
        self.subject = subject

    def read_node(self, plan: NodePlan, node: Token) -> Item:
        """The values of a node, and of the nodes inside it."""
        if node == self.subject:
            return Item(exact=False)
        item = Item()
        if node[0] == "<":
            item.nodes.append(node)
            # Another name than one that is written is understood only: one that just lenient parsers read.
            item.exact = plan.itself is not None and written_iri(node) is not None
            if plan.itself:
                item.values[plan.itself] = value_of(node)
        for predicate, constant in plan.statements:
            wanted = (node, predicate, constant or self.subject)
            if self.tree.has(*wanted):
                item.claimed.append(wanted)
            else:
                item.exact = False
        said = len(item.claimed) + self._read_properties(plan, node, item)
        for predicate, child in plan.children:
            said += self._read_child(child, node, predicate, item)
        if node[0] == "_" and (said != self.tree.size(node) or self.tree.is_shared(node)):
            item.exact = False
        return item

    def _read_properties(self, plan: NodePlan, node: Token, item: Item) -> int:
        """How many statements of the node were accounted for."""
        said = 0
        parts = plan.by_predicate
        about = self.tree.about(node)
        for predicate, terms in about.items():
            for part in parts.get(predicate, ()):
                if predicate == part.otherwise and part.predicate in about:
                    continue  # Both are read together, when it is the turn of the first.
                decoded, more = self.read_property(part, node, terms, item)
                said += more
                if (decoded.left or decoded.spare) and not part.otherwise and predicate not in plan.common:
                    item.rest = (*item.rest, (part, decoded))
        for part in plan.accepting:
            self.read_accepted(part, node, item)
        if not all(key in item.values for key in plan.needed):
            item.exact = False
        return said

    def read_property(self, plan: Property, node: Token, terms: Sequence[Token], item: Item) -> tuple[Decoded, int]:
        """What a node says by the property, put into the item, and how many of its statements are accounted for."""
        predicate = plan.predicate
        if plan.otherwise:
            decoded, again = decode_outside(plan, self.tree, node)
        else:
            decoded = plan.codec.decode(terms)
            again = [(node, predicate, term) for term in decoded.said]
        if decoded.value is None:
            return decoded, 0
        item.values[plan.key] = decoded.value
        if not decoded.exact:
            item.exact = False
        said = self._claim(plan, decoded.said, again, item)
        return decoded, said + (self._read_consequences(plan, node, decoded.value, item) if plan.also else 0)

    def read_accepted(self, plan: Property, node: Token, item: Item) -> None:
        """What a node says by another predicate that means the same: understood, but not what we would write."""
        about = self.tree.about(node)
        terms = [term for predicate in plan.accept for term in about.get(predicate, ())]
        if terms and plan.key not in item.values:
            value = plan.codec.decode(terms).value
            if value is not None:
                item.values[plan.key] = value
                item.exact = False

    def _claim(self, plan: Property, said: Sequence[Token], again: Sequence[Line], item: Item) -> int:
        """Claims the terms whose statements are all as we would write them, with what is said beside each."""
        support = plan.support
        if support is None:
            item.claimed.extend(again)
            return len(said)
        return sum(self._take(line, support.lines(term), item) for term, line in zip(said, again, strict=False))

    def _read_consequences(self, plan: Property, node: Token, value: Any, item: Item) -> int:
        """How many statements follow from a code; where one isn't there, the item isn't what we would write."""
        found = 0
        for consequence in plan.also:
            follows = consequence.nodes.get(value)
            if follows is not None:
                beside = consequence.support.lines(follows) if consequence.support else ()
                found += self._take((node, consequence.predicate, follows), beside, item)
        return found

    def _take(self, wanted: Line, beside: Sequence[Line], item: Item) -> bool:
        """Claims a statement with those beside it, if all are there; else the item isn't what we would write."""
        if not all(self.tree.has(*line) for line in (wanted, *beside)):
            item.exact = False
            return False
        item.claimed.append(wanted)
        item.claimed.extend(beside)
        return True

    def _read_child(self, plan: NodePlan, parent: Token, predicate: Token, item: Item) -> int:
        """How many statements of the parent were understood."""
        nodes = [term for term in self.tree.about(parent).get(predicate, ()) if term[0] != '"']
        if not nodes:
            item.exact = item.exact and plan.is_complete({})
            return 0
        first = min(nodes)
        child = self.read_node(plan, first)
        item.values.update(child.values)
        item.claimed.append((parent, predicate, first))
        item.claimed.extend(child.claimed)
        item.nodes.extend(child.nodes)
        item.rest = (*item.rest, *child.rest)
        item.exact = item.exact and child.exact and bool(child.values)
        return 1
