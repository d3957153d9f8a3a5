"""From a package to the fragment of its record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ckanext.citizendata.core.mapping.filled import is_empty
from ckanext.citizendata.core.mapping.model import Model, Subject
from ckanext.citizendata.core.mapping.plan import FieldPlan, NodePlan, Plan
from ckanext.citizendata.core.mapping.properties import Property, Readable
from ckanext.citizendata.core.mapping.read import items_from_value, package_from_fragment
from ckanext.citizendata.core.tokens import (
    Line,
    Token,
    iri_token,
    is_blank,
    is_literal,
    lines_of,
    text_of,
    text_of_written,
)
from ckanext.citizendata.core.tokens import token_of_subject as subject_token

__all__ = ["fragment_from_package", "own_statements", "with_iris"]

NOTHING: Mapping[str, Any] = {}


def fragment_from_package(model: Model, package: Mapping[str, Any], subject: Subject, residue: str = "") -> str:
    """The statements of a package together with its residue, as canonical N-Triples; nothing is said twice.

    {"country": ["KEN"]} -> <dataset> dct:spatial <…/country/KEN>, a dcat:Dataset, dct:identifier "<dataset>"

    A value that can't be said in RDF (an unknown code, a malformed address) is left out: conformance refuses it at
    input. What the residue already says isn't said again.
    """
    said = package_from_fragment(model, subject.iri, residue).package if residue else NOTHING
    plan = model.plan
    writer = _Writer(subject_token(subject.iri), residue)
    named = with_iris(package, subject)
    writer.write_values(plan, writer.subject, _unsaid_values(plan, named, said) if said else named)
    for field in plan.nodes:
        if not is_empty(named.get(field.key)):
            known = _known(field, package, named, said) if said else ()
            writer.write_field(field, named, said, known)
    return writer.text(plan.own_lines(writer.subject))


def _known(
    plan: FieldPlan, package: Mapping[str, Any], named: Mapping[str, Any], said: Mapping[str, Any]
) -> Collection[int]:
    """The places of the items that the residue says already, with the IRIs that they are given here or without."""
    told = items_from_value(plan, said.get(plan.key))
    forms = (items_from_value(plan, each.get(plan.key)) for each in (package, named))
    return {place for items in forms for place, item in enumerate(items) if plan.told(item) in told}


def own_statements(model: Model, iri: str) -> str:
    """What every record of ours says whatever its fields: its class, and its IRI as identifier."""
    return text_of(model.plan.own_lines(subject_token(iri)))


def with_iris(package: Mapping[str, Any], subject: Subject) -> Mapping[str, Any]:
    """The package with the IRIs of its publisher and resources, where it doesn't bring them along."""
    named = dict(package)
    if not package.get("publisher") and subject.publisher:
        named["publisher"] = [{"name": subject.publisher.name, "uri": subject.publisher.iri}]
    files = package.get("resources")
    if files:
        listed = files if isinstance(files, (list, tuple)) else ()
        named["resources"] = [
            file if file.get("uri") or not file.get("id") else {**file, "uri": subject.distribution(file["id"])}
            for file in listed
            if isinstance(file, Mapping)
        ]
    return named


def _lifted(plan: FieldPlan, package: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of the package is said about the first node of the field."""
    return {key: package[key] for key in plan.lifted if package.get(key) and package[key] != said.get(key)}


def _unsaid_values(plan: Plan, package: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The flat values without what of them is said already."""
    keys = (part.key for part in plan.properties)
    return {key: _unsaid(package[key], said.get(key)) for key in keys if key in package}


def _unsaid(value: Any, said: Any) -> Any:
    """The part of a value that `said` doesn't hold: pairs of texts, members of lists, or the value itself."""
    if said is None or said == "":
        return value
    if isinstance(value, Mapping) and isinstance(said, Mapping):
        return {key: _unsaid(part, said.get(key)) for key, part in value.items() if said.get(key) != part}
    if isinstance(value, (list, tuple)) and isinstance(said, (list, tuple)):
        return [part for part in value if part not in said]
    return None if value == said else value


class _Writer:
    """The statements said so far, and names for blank nodes that the residue doesn't use."""

    def __init__(self, subject: Token, residue: str) -> None:
        self.subject = subject
        self._lines = [f"{line}\n" for line in residue.split("\n") if line]
        self._taken = {node for line in lines_of(residue) for node in (line[0], line[2]) if is_blank(node)}
        self._number = 0

    def text(self, own: Iterable[Line]) -> str:
        """All statements as canonical N-Triples."""
        for line in own:
            self._say(*line)
        return text_of_written(self._lines)

    def _say(self, subject: Token, predicate: Token, target: Token) -> None:
        self._lines.append(f"{subject} {predicate} {target} .\n")

    def write_field(
        self, plan: FieldPlan, package: Mapping[str, Any], said: Mapping[str, Any], known: Collection[int]
    ) -> None:
        """Writes the nodes of a field but for those at the places that are known."""
        for number, item in enumerate(items_from_value(plan, package.get(plan.key))):
            if number not in known and plan.node.is_complete(item):
                told = {**item, **_lifted(plan, package, said)} if plan.lifted and not number else item
                self._write_node(self.subject, plan.predicate, plan.node, told)

    def _write_node(self, parent: Token, predicate: Token, plan: NodePlan, item: Mapping[str, Any]) -> None:
        """Writes a node with those inside it, and the statement that leads to it, if anything is said of it."""
        lines = self._lines
        before = len(lines)
        node = self._name(plan, item)
        self.write_values(plan, node, item)
        for leading, child in plan.children:
            self._write_node(node, leading, child, item)
        if len(lines) > before or not is_blank(node):
            lines.append(f"{parent} {predicate} {node} .\n")
            for constant in plan.written_constants:
                lines.append(node + constant)
            for name in plan.pointing_back:
                self._say(node, name, self.subject)

    def write_values(self, plan: Readable, node: Token, item: Mapping[str, Any]) -> None:
        """Writes the flat values of a node."""
        lines = self._lines
        for key, predicate, encode in plan.plainly_written:
            if key in item:
                for term in encode(item[key]):
                    lines.append(f"{node}{predicate}{term} .\n")
        for part in plan.written_with_more:
            if part.key in item:
                self._write_property(node, part, item[part.key])

    def _write_property(self, node: Token, plan: Property, value: Any) -> None:
        terms = plan.codec.encode(value)
        for term in terms:
            self._write_term(node, plan, term)
        for consequence in plan.also if terms else ():
            follows = consequence.nodes.get(value)
            if follows is not None:
                self._say(node, consequence.predicate, follows)
                self._lines += consequence.support.written(follows) if consequence.support else ()

    def _write_term(self, node: Token, plan: Property, term: Token) -> None:
        if plan.support is not None:
            self._lines += plan.support.written(term)
        predicate = plan.otherwise if plan.otherwise and is_literal(term) else plan.predicate
        self._say(node, predicate, term)

    def _name(self, plan: NodePlan, item: Mapping[str, Any]) -> Token:
        iri = item.get(plan.itself) if plan.itself else None
        named = iri_token(iri) if iri and isinstance(iri, str) else None
        if named:
            return named
        while True:
            label = f"_:c{self._number}"
            self._number += 1
            if label not in self._taken:
                return label
