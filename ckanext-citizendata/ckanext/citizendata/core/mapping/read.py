"""From the fragment of a record to a package, and what of the fragment the package doesn't say.

A value is *claimed* when `fragment_from_package` writes exactly the statements that it was read from; these leave the
residue. A value that was only understood (a date with a time, a contact with an address that we have no field for) is
in the package too, but all its statements stay in the residue, with the whole tree of a blank node: the residue then
says the value, and writing doesn't say it again. So for every fragment of ours and of others

    fragment_from_package(model, package, subject, residue) == fragment | own_statements(dataset)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import Graph, Node
from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.fallback import with_fallbacks
from ckanext.citizendata.core.mapping.labelled import decode_labelled
from ckanext.citizendata.core.mapping.model import Model
from ckanext.citizendata.core.mapping.plan import WHOLE, FieldPlan, NodePlan, Property
from ckanext.citizendata.core.mapping.tree import Tree
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT, DCT, RDF

__all__ = ["Projection", "items_from_value", "package_from_fragment"]

TYPE = RDF.type
DATASET_CLASS = DCAT.Dataset
IDENTIFIER = DCT.identifier


@dataclass(frozen=True)
class Projection:
    """A fragment seen as a package; `residue` are the statements that the package doesn't say."""

    package: Mapping[str, Any]
    residue: Graph
    problems: tuple[Problem, ...] = ()


def package_from_fragment(model: Model, iri: str, graph: Graph) -> Projection:
    """What can be shown of the dataset `iri`; never raises on odd input, which is reported as problems.

    <dataset> dct:spatial <…/country/KEN>, <…/country/XYZ> -> {"country": ["KEN"]}, the other in residue and problems
    """
    dataset = NamedNode(iri)
    reader = _Reader(Tree(graph), dataset)
    for plan in model.plan.properties:
        reader.read_flat(plan)
    for plan in model.plan.nodes:
        reader.read_field(plan)
    reader.settle()
    own = {Triple(dataset, TYPE, DATASET_CLASS), Triple(dataset, IDENTIFIER, Literal(iri))}
    package, problems = with_fallbacks(reader.package, reader.tree.about(dataset), iri)
    return Projection(package, graph.difference(reader.claimed, own), (*reader.problems, *problems))


def items_from_value(plan: FieldPlan, value: Any) -> Sequence[Mapping[str, Any]]:
    """The nodes that a value of a field stands for: the items of a list, or one for each language of a text."""
    if plan.each_language:
        return [{tag: text} for tag, text in value.items()] if isinstance(value, Mapping) else ()
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, (list, tuple)) else ()


@dataclass
class _Item:
    """One node as read; `exact` while writing its values gives again the statements that they were read from.

    `nodes` are the nodes with an IRI that were read for it: others may speak of these too.
    """

    values: dict[str, Any] = field(default_factory=dict)
    claimed: list[Triple] = field(default_factory=list)
    nodes: list[NamedNode] = field(default_factory=list)
    exact: bool = True


def _doubt_twins(items: Sequence[_Item]) -> None:
    """Nodes that read the same can't be told apart by their values, so that none of them is claimed."""
    for item in items:
        item.exact = item.exact and sum(1 for other in items if other.values == item.values) == 1


def _doubt_company(items: Sequence[_Item]) -> None:
    """Of items that are read from one node all are claimed or none: one would take statements from the others."""
    company: dict[NamedNode, list[_Item]] = {}
    for item in items:
        for node in item.nodes:
            company.setdefault(node, []).append(item)
    waiting = [item for item in items if not item.exact]
    while waiting:
        for node in waiting.pop().nodes:
            for other in company.pop(node, ()):
                if other.exact:
                    other.exact = False
                    waiting.append(other)


def _whole(plan: FieldPlan, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {WHOLE: values} if plan.each_language else values


class _Reader:
    """What was read so far of one dataset."""

    def __init__(self, tree: Tree, dataset: NamedNode) -> None:
        self.tree = tree
        self.package: dict[str, Any] = {}
        self.claimed: list[Triple] = []
        self.problems: list[Problem] = []
        self._dataset = dataset
        self._items: list[_Item] = []

    def read_flat(self, plan: Property) -> None:
        item = _Item()
        left = self._read_property(plan, self._dataset, item)
        self.package.update(item.values)
        self.claimed.extend(item.claimed)
        for term in () if plan.shared else left:
            if not isinstance(term, BlankNode):
                self._report(plan.key, plan.label, term)

    def read_field(self, plan: FieldPlan) -> None:
        terms = self.tree.about(self._dataset).get(plan.predicate, ())
        items = [self._item(plan, term) for term in terms]
        for term, item in zip(terms, items, strict=True):
            if not item.values:
                self._report(plan.key, plan.label, term)
        self._lift(plan, items)
        shown = [item for item in items if item.values]
        if len(shown) > 1:
            shown.sort(key=lambda item: plan.node.rank(_whole(plan, item.values)))
            _doubt_twins(shown)
        if shown:
            self._keep(plan, shown)
        self._items.extend(shown)

    def settle(self) -> None:
        """Claims what can be claimed of all nodes together."""
        _doubt_company(self._items)
        self.claimed.extend(triple for item in self._items if item.exact for triple in item.claimed)

    def _keep(self, plan: FieldPlan, shown: Sequence[_Item]) -> None:
        if not plan.each_language:
            self.package[plan.key] = [
                item.values
                for number, item in enumerate(shown)
                if item.values not in [o.values for o in shown[:number]]
            ]
            return
        texts: dict[str, str] = {}
        for item in shown:
            item.exact = item.exact and not texts.keys() & item.values.keys()
            texts = {**item.values, **texts}
        self.package[plan.key] = dict(sorted(texts.items()))

    def _lift(self, plan: FieldPlan, items: Sequence[_Item]) -> None:
        """Moves what is said about a node into the package; of several nodes it can't be told whose it was."""
        for item in items:
            for key in plan.lifted:
                value = item.values.pop(key, None)
                if value is not None:
                    self.package.setdefault(key, value)
                    item.exact = item.exact and len(items) == 1

    def _item(self, plan: FieldPlan, term: Node) -> _Item:
        if isinstance(term, Literal):
            return self._item_from_literal(plan, term)
        item = self._node(plan.node, term)
        item.claimed.append(Triple(self._dataset, plan.predicate, term))
        if isinstance(term, NamedNode):
            item.exact = item.exact and plan.node.itself is not None
            if plan.node.itself and term != self._dataset:
                item.values[plan.node.itself] = term.value
        if plan.each_language:
            self._flatten(item)
        return item

    def _flatten(self, item: _Item) -> None:
        texts = item.values.pop(WHOLE, {})
        item.values = dict(texts)
        item.exact = item.exact and len(texts) == 1

    def _item_from_literal(self, plan: FieldPlan, term: Literal) -> _Item:
        """A bare text in the place of a node, as a publisher given by name alone: its first text."""
        for part in plan.node.properties:
            value = part.codec.decode((term,)).value
            if value is not None and part.key not in plan.lifted:
                return _Item(value if part.key == WHOLE else {part.key: value}, exact=False)
        return _Item(exact=False)

    def _node(self, plan: NodePlan, node: BlankNode | NamedNode) -> _Item:
        if node == self._dataset:
            return _Item(exact=False)
        item = _Item(nodes=[node] if isinstance(node, NamedNode) else [])
        if plan.class_:
            self._read_constant(node, TYPE, plan.class_, item)
        for predicate, constant in plan.constants:
            self._read_constant(node, predicate, constant or self._dataset, item)
        for part in plan.properties:
            self._read_property(part, node, item)
        said = sum(triple.subject == node for triple in item.claimed)
        for predicate, child in plan.children:
            said += self._read_child(child, node, predicate, item)
        if isinstance(node, BlankNode) and (said != self.tree.size(node) or self.tree.is_shared(node)):
            item.exact = False
        return item

    def _read_constant(self, node: BlankNode | NamedNode, predicate: NamedNode, wanted: NamedNode, item: _Item) -> None:
        if wanted in self.tree.about(node).get(predicate, ()):
            item.claimed.append(Triple(node, predicate, wanted))
        else:
            item.exact = False

    def _read_property(self, plan: Property, node: BlankNode | NamedNode, item: _Item) -> Sequence[Node]:
        """The terms that couldn't be read."""
        decoded, again = self._decode(plan, node)
        if decoded.value is None and plan.needed:
            item.exact = False
        if decoded.value is None and plan.accept:
            about = self.tree.about(node)
            other = plan.codec.decode([term for predicate in plan.accept for term in about.get(predicate, ())])
            decoded, again = other._replace(said=(), exact=other.value is None), ()
        if decoded.value is not None:
            item.values[plan.key] = decoded.value
            item.claimed.extend(again)
            item.exact = item.exact and decoded.exact
            self._read_consequences(plan, node, decoded.value, item)
        return decoded.left

    def _decode(self, plan: Property, node: BlankNode | NamedNode) -> tuple[Decoded, Sequence[Triple]]:
        """What a node says by the property, and the statements that writing it gives again."""
        if plan.otherwise:
            return decode_labelled(plan, self.tree, node)
        decoded = plan.codec.decode(self.tree.about(node).get(plan.predicate, ()))
        return decoded, [Triple(node, plan.predicate, term) for term in decoded.said]

    def _read_consequences(self, plan: Property, node: BlankNode | NamedNode, value: Any, item: _Item) -> None:
        for consequence in plan.also:
            follows = consequence.nodes.get(value)
            if follows is not None:
                self._read_constant(node, consequence.predicate, follows, item)

    def _read_child(self, plan: NodePlan, parent: BlankNode | NamedNode, predicate: NamedNode, item: _Item) -> int:
        """How many statements of the parent were understood."""
        nodes = sorted(
            (term for term in self.tree.about(parent).get(predicate, ()) if not isinstance(term, Literal)), key=str
        )
        if not nodes:
            item.exact = item.exact and plan.is_complete({})
            return 0
        child = self._node(plan, nodes[0])
        item.values.update(child.values)
        item.claimed.extend((Triple(parent, predicate, nodes[0]), *child.claimed))
        item.nodes.extend(child.nodes)
        item.exact = item.exact and child.exact and bool(child.values) and isinstance(nodes[0], BlankNode)
        return 1

    def _report(self, key: str, label: str, term: Node) -> None:
        shown = f"“{term.value}”" if not isinstance(term, BlankNode) else "a description"
        message = f"{label}: {shown} can't be shown here; it is kept in the record."
        self.problems.append(Problem(key, "not_understood", message, "warning"))
