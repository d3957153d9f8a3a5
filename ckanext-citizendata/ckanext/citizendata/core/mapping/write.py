"""From a package to the fragment of its record."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import Graph, Node
from ckanext.citizendata.core.graph import Subject as Named
from ckanext.citizendata.core.mapping.labelled import labelled
from ckanext.citizendata.core.mapping.model import Model, Subject
from ckanext.citizendata.core.mapping.plan import WHOLE, FieldPlan, NodePlan, Property
from ckanext.citizendata.core.mapping.read import items_from_value, package_from_fragment
from ckanext.citizendata.core.terms import DCAT, DCT, RDF

__all__ = ["fragment_from_package", "own_statements"]

TYPE = RDF.type
DATASET_CLASS = DCAT.Dataset
IDENTIFIER = DCT.identifier
NO_RESIDUE: Graph = frozenset()


def fragment_from_package(
    model: Model, package: Mapping[str, Any], subject: Subject, residue: Graph = NO_RESIDUE
) -> Graph:
    """The statements of a package together with its residue; what the residue already says isn't said twice.

    {"country": ["KEN"]} -> <dataset> dct:spatial <…/country/KEN>, a dcat:Dataset, dct:identifier "<dataset>"

    A value that can't be said in RDF (an unknown code, a malformed address) is left out: validators refuse it at input.
    """
    said = package_from_fragment(model, subject.dataset, residue).package if residue else {}
    writer = _Writer(NamedNode(subject.dataset), residue)
    named = _with_iris(package, subject)
    for plan in model.plan.properties:
        writer.write_property(writer.dataset, plan, _unsaid(named.get(plan.key), said.get(plan.key)))
    for plan in model.plan.nodes:
        writer.write_field(plan, named, said)
    return frozenset(writer.triples) | own_statements(subject.dataset) | residue


def own_statements(dataset: str) -> Graph:
    """What every record of ours says whatever its fields: that it is a dataset, and its IRI as identifier."""
    node = NamedNode(dataset)
    return frozenset((Triple(node, TYPE, DATASET_CLASS), Triple(node, IDENTIFIER, Literal(dataset))))


def _with_iris(package: Mapping[str, Any], subject: Subject) -> Mapping[str, Any]:
    """The package with the IRIs of its publisher and resources, where it doesn't bring them along."""
    publisher = package.get("publisher")
    if not publisher and subject.publisher:
        publisher = [{"name": subject.publisher.name, "uri": subject.publisher.iri}]
    resources = [
        resource
        if resource.get("uri") or not resource.get("id")
        else {**resource, "uri": subject.distribution(resource["id"])}
        for resource in package.get("resources") or ()
    ]
    return {**package, "publisher": publisher, "resources": resources}


def _unsaid(value: Any, said: Any) -> Any:
    """The part of a value that `said` doesn't hold: pairs of texts, members of lists, or the value itself."""
    if not said or not value:
        return value
    if isinstance(value, Mapping) and isinstance(said, Mapping):
        return {key: part for key, part in value.items() if said.get(key) != part}
    if isinstance(value, (list, tuple)) and isinstance(said, (list, tuple)):
        return [part for part in value if part not in said]
    return None if value == said else value


class _Writer:
    """The triples said so far, and names for blank nodes that the residue doesn't use."""

    def __init__(self, dataset: NamedNode, residue: Graph) -> None:
        self.dataset = dataset
        self.triples: list[Triple] = []
        self._taken = {
            node.value for triple in residue for node in (triple.subject, triple.object) if isinstance(node, BlankNode)
        }
        self._numbers = count()

    def write_field(self, plan: FieldPlan, package: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        known = items_from_value(plan, said.get(plan.key))
        lifted = {key: package[key] for key in plan.lifted if package.get(key) and package[key] != said.get(key)}
        for number, item in enumerate(items_from_value(plan, package.get(plan.key))):
            if item not in known and plan.node.is_complete(item):
                self._write_item(plan, item if number else {**item, **lifted})

    def write_property(self, node: Named, plan: Property, value: Any) -> bool:
        """Whether there was anything to say."""
        terms = plan.codec.encode(value)
        for term in terms:
            self._write_term(node, plan, term)
        for consequence in plan.also if terms else ():
            follows = consequence.nodes.get(value)
            if follows is not None:
                self.triples.append(Triple(node, consequence.predicate, follows))
        return bool(terms)

    def _write_term(self, node: Named, plan: Property, term: Node) -> None:
        if plan.otherwise and isinstance(term, Literal):
            blank = self._blank()
            self.triples.extend(labelled(blank, plan.otherwise, term))
            term = blank
        self.triples.append(Triple(node, plan.predicate, term))

    def _write_item(self, plan: FieldPlan, item: Mapping[str, Any]) -> None:
        node = self._named(item.get(plan.node.itself)) if plan.node.itself else None
        node = node or self._blank()
        if self._write_contents(plan.node, node, item) or isinstance(node, NamedNode):
            self.triples.append(Triple(self.dataset, plan.predicate, node))
            self._write_constants(plan.node, node)

    def _write_contents(self, plan: NodePlan, node: Named, item: Mapping[str, Any]) -> bool:
        """Whether anything was said about the node."""
        written = [
            self.write_property(node, part, item if part.key == WHOLE else item.get(part.key))
            for part in plan.properties
        ]
        return any([*written, *(self._write_child(predicate, child, node, item) for predicate, child in plan.children)])

    def _write_child(self, predicate: NamedNode, plan: NodePlan, parent: Named, item: Mapping[str, Any]) -> bool:
        node = self._blank()
        if not self._write_contents(plan, node, item):
            return False
        self.triples.append(Triple(parent, predicate, node))
        self._write_constants(plan, node)
        return True

    def _write_constants(self, plan: NodePlan, node: Named) -> None:
        if plan.class_:
            self.triples.append(Triple(node, TYPE, plan.class_))
        self.triples.extend(Triple(node, predicate, constant or self.dataset) for predicate, constant in plan.constants)

    def _named(self, iri: Any) -> NamedNode | None:
        try:
            return NamedNode(iri) if isinstance(iri, str) and iri else None
        except ValueError:
            return None

    def _blank(self) -> BlankNode:
        label = next(label for number in self._numbers if (label := f"c{number}") not in self._taken)
        return BlankNode(label)
