"""The schema compiled for mapping: a tree of nodes, each with the properties that are written and read on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from ckanext.citizendata.core.mapping.codec import Codec, ConceptCodec, TextCodec, date_codec, iri_codec, literal_codec
from ckanext.citizendata.core.schema import Field, Schema
from ckanext.citizendata.core.shape import SchemaError, Shape
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["WHOLE", "Consequence", "FieldPlan", "NodePlan", "Plan", "Property", "plan_from_schema"]

Vocabularies = Mapping[str, Vocabulary]
# The key of a property that takes the whole item, as the text of an annotation does.
WHOLE = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """A statement that follows from a code: the node to say by code."""

    predicate: NamedNode
    nodes: Mapping[str, NamedNode]


@dataclass(frozen=True, slots=True)
class Property:
    """A flat value on a node.

    `accept` are predicates that are read only; by a `shared` predicate others say other things; without a `needed`
    value no node is written or claimed; a value outside the list is a node of the class `otherwise`.
    """

    key: str
    label: str
    predicate: NamedNode
    codec: Codec
    accept: tuple[NamedNode, ...] = ()
    also: tuple[Consequence, ...] = ()
    needed: bool = False
    shared: bool = False
    otherwise: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A node. `itself` is the key of the item that holds its IRI; a constant of None is the dataset."""

    class_: NamedNode | None
    constants: tuple[tuple[NamedNode, NamedNode | None], ...]
    properties: tuple[Property, ...]
    children: tuple[tuple[NamedNode, NodePlan], ...]
    itself: str | None = None

    def is_complete(self, item: Mapping[str, Any]) -> bool:
        """Whether the item has all that such a node can't be without; a distribution has an address."""
        own = all(part.codec.encode(item.get(part.key)) for part in self.properties if part.needed)
        return own and all(child.is_complete(item) for _, child in self.children)

    def rank(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """What to sort items by: their values in the order of the schema."""
        own = tuple(part.codec.rank(item[part.key]) if part.key in item else "" for part in self.properties)
        return (
            *own,
            *(rank for _, child in self.children for rank in child.rank(item)),
            str(item.get(self.itself or "", "")),
        )


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field that is a list of nodes; `lifted` are dataset fields said about its first node."""

    key: str
    label: str
    predicate: NamedNode
    node: NodePlan
    each_language: bool = False
    lifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is said about a dataset: flat values and nodes."""

    properties: tuple[Property, ...]
    nodes: tuple[FieldPlan, ...]


def plan_from_schema(schema: Schema, vocabularies: Vocabularies) -> Plan:
    """The compiled schema; raises `SchemaError` for a vocabulary that isn't there and a part without a definition."""
    said = [field for field in schema.fields if field.shape]
    flat = tuple(_property(field, vocabularies) for field in said if _kind(field) != "node" and not _of(field))
    nodes = [
        _field_plan(field, [other for other in said if _of(other) == field.name], vocabularies)
        for field in said
        if _kind(field) == "node"
    ]
    if schema.resource_shape:
        resources = Field(
            name="resources",
            label={"en": "Resources"},
            help_text={},
            subfields=schema.resource_fields,
            shape=schema.resource_shape,
        )
        nodes.append(_field_plan(resources, [], vocabularies))
    return Plan(flat, tuple(nodes))


def _kind(field: Field) -> str:
    return field.shape.kind if field.shape else ""


def _of(field: Field) -> str | None:
    return field.shape.of if field.shape else None


def _field_plan(field: Field, lifted: list[Field], vocabularies: Vocabularies) -> FieldPlan:
    shape = field.shape
    if shape is None:
        raise SchemaError(f"{field.name}: rdf: is missing")
    inner = [part for part in field.subfields if part.shape and not part.shape.is_node]
    if shape.value is not None:
        inner.append(Field(name=WHOLE, label=field.label, help_text={}, shape=shape.value))
    node = _node(field, shape, (*inner, *lifted), (), vocabularies)
    return FieldPlan(
        field.name, _label(field), shape.predicate, node, shape.each_language, tuple(other.name for other in lifted)
    )


def _node(
    field: Field, shape: Shape, parts: Iterable[Field], path: tuple[str, ...], vocabularies: Vocabularies
) -> NodePlan:
    """The node at `path` inside the field's node, with everything below it."""
    parts = tuple(parts)
    here = [part for part in parts if part.shape and part.shape.inside == path]
    below = dict.fromkeys(_next(part, path) for part in parts if _is_below(part, path))
    for name in below:
        if name not in shape.parts:
            raise SchemaError(f"{field.name}: rdf.parts.{name}: is missing, but a part is inside it")
    itself = next((part.name for part in field.subfields if part.shape and part.shape.is_node), None)
    return NodePlan(
        class_=shape.parts[path[-1]].class_ if path else shape.class_,
        constants=() if path else shape.constants,
        properties=tuple(_property(part, vocabularies) for part in here),
        children=tuple(
            (shape.parts[name].predicate, _node(field, shape, parts, (*path, name), vocabularies)) for name in below
        ),
        itself=None if path else itself,
    )


def _is_below(part: Field, path: tuple[str, ...]) -> bool:
    inside = part.shape.inside if part.shape else ()
    return len(inside) > len(path) and inside[: len(path)] == path


def _next(part: Field, path: tuple[str, ...]) -> str:
    return part.shape.inside[len(path)] if part.shape else ""


def _property(field: Field, vocabularies: Vocabularies) -> Property:
    shape = field.shape
    if shape is None:
        raise SchemaError(f"{field.name}: rdf: is missing")
    also = tuple(
        Consequence(derived.predicate, _first_matches(_vocabulary(field, vocabularies), derived.through))
        for derived in shape.also
    )
    return Property(
        key=field.name,
        label=_label(field),
        predicate=shape.predicate,
        codec=_codec(field, shape, vocabularies),
        accept=shape.accept,
        also=also,
        needed=field.needed,
        shared=shape.shared,
        otherwise=shape.otherwise,
    )


def _codec(field: Field, shape: Shape, vocabularies: Vocabularies) -> Codec:
    if shape.kind == "text":
        return TextCodec()
    if shape.kind == "concept":
        return ConceptCodec(
            _vocabulary(field, vocabularies), many=field.many, otherwise_literal=shape.otherwise is not None
        )
    if shape.kind == "date":
        return date_codec()
    if shape.kind == "iri":
        return iri_codec(shape.scheme)
    if shape.kind == "literal":
        return literal_codec(shape.datatype)
    raise SchemaError(f"{field.name}: rdf.shape: a node inside a node is written as a part")


def _vocabulary(field: Field, vocabularies: Vocabularies) -> Vocabulary:
    found = vocabularies.get(field.vocabulary or "")
    if found is None:
        raise SchemaError(f"{field.name}: vocabulary: there is no vocabulary {field.vocabulary!r}")
    return found


def _first_matches(vocabulary: Vocabulary, through: str) -> Mapping[str, NamedNode]:
    matches = {
        concept.code: concept.broad_matches if through == "broad_match" else concept.exact_matches
        for concept in vocabulary
    }
    return {code: NamedNode(iris[0]) for code, iris in matches.items() if iris}


def _label(field: Field) -> str:
    return field.label.get("en") or field.name
