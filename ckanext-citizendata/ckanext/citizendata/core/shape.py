"""How a field is written in RDF: the `rdf:` block of the schema file as values, used in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from ckanext.citizendata.core.terms import node

__all__ = ["DATASET", "Part", "Derived", "SchemaError", "Shape", "shape_from_dict"]

# Stands for the dataset's own IRI among constants.
DATASET = "$dataset"
KINDS = ("text", "texts", "concept", "literal", "date", "iri", "node")
COMMON = {"predicate", "shape", "of", "inside", "accept", "shared"}
KEYS: Mapping[str, frozenset[str]] = {
    "text": frozenset(COMMON),
    "texts": frozenset(COMMON),
    "concept": frozenset(COMMON | {"also", "otherwise", "class", "in_scheme"}),
    "literal": frozenset(COMMON | {"datatype"}),
    "date": frozenset(COMMON),
    "iri": frozenset(COMMON | {"scheme", "class"}),
    "node": frozenset(COMMON | {"class", "constants", "mark", "unless", "rest", "parts", "each", "value"}),
}
PART_KEYS = frozenset({"predicate", "class"})
ALSO_KEYS = frozenset({"predicate", "through", "in_scheme"})
THROUGH = ("broad_match", "exact_match")


class SchemaError(ValueError):
    """A schema file that can't be used; the message names the field and the key."""


@dataclass(frozen=True, slots=True)
class Part:
    """A node inside a node."""

    predicate: NamedNode
    class_: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A statement that follows from a concept: its first match of that kind, said by `predicate`."""

    predicate: NamedNode
    through: str
    in_scheme: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One `rdf:` block.

    `is_node` marks the subfield that holds the IRI of the node itself. `accept` are predicates that are read but never
    written; by a `shared` predicate others say what isn't for this field, which is no problem. A value outside the list
    is said by the predicate `otherwise`. Of a concept or an address, `class_` and `in_scheme` are said beside it. A
    constant whose value is None stands for the dataset. `mark` is the predicate of the constant that tells the nodes of
    this field from those of others behind the same predicate; a node with the mark of a field in `unless` is that
    field's; the field of the `rest` also takes nodes without any mark.
    """

    kind: str
    predicate: NamedNode
    is_node: bool = False
    of: str | None = None
    inside: tuple[str, ...] = ()
    accept: tuple[NamedNode, ...] = ()
    shared: bool = False
    scheme: str = ""
    datatype: NamedNode | None = None
    otherwise: NamedNode | None = None
    also: tuple[Derived, ...] = ()
    class_: NamedNode | None = None
    in_scheme: NamedNode | None = None
    mark: NamedNode | None = None
    unless: tuple[str, ...] = ()
    rest: bool = False
    each_language: bool = False
    constants: tuple[tuple[NamedNode, NamedNode | None], ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict, hash=False)
    value: Shape | None = None


ITSELF = NamedNode("urn:node")
ITSELF_KEYS = frozenset({"node", "inside"})


def shape_from_dict(path: str, block: Any) -> Shape:
    """The shape that an `rdf:` block describes; raises `SchemaError` for an unknown or missing key or name."""
    if not isinstance(block, Mapping):
        raise SchemaError(f"{path}: rdf: {block!r} isn't a block of keys")
    if block.get("node") is True and block.keys() <= ITSELF_KEYS:
        return Shape(kind="iri", predicate=ITSELF, is_node=True, inside=tuple(block.get("inside", ())))
    kind = block.get("shape")
    if kind not in KINDS:
        raise SchemaError(f"{path}: rdf.shape: {kind!r} isn't one of {', '.join(KINDS)}")
    _refuse_unknown(path, "rdf", block, KEYS[kind])
    return Shape(
        kind=kind,
        predicate=_node(path, "rdf.predicate", block.get("predicate")),
        of=block.get("of"),
        inside=tuple(block.get("inside", ())),
        accept=tuple(_node(path, "rdf.accept", name) for name in block.get("accept", ())),
        shared=block.get("shared") is True,
        scheme=str(block.get("scheme", "")),
        datatype=_optional(path, "rdf.datatype", block.get("datatype")),
        otherwise=_optional(path, "rdf.otherwise", block.get("otherwise")),
        also=tuple(_derived(path, entry) for entry in block.get("also", ())),
        class_=_optional(path, "rdf.class", block.get("class")),
        in_scheme=_optional(path, "rdf.in_scheme", block.get("in_scheme")),
        mark=_optional(path, "rdf.mark", block.get("mark")),
        unless=tuple(block.get("unless", ())),
        rest=block.get("rest") is True,
        each_language=_only(path, "each", block, "language"),
        constants=tuple(_constant(path, name, value) for name, value in block.get("constants", {}).items()),
        parts={name: _part(path, name, entry) for name, entry in block.get("parts", {}).items()},
        value=shape_from_dict(f"{path}.value", block["value"]) if "value" in block else None,
    )


def _refuse_unknown(path: str, where: str, block: Mapping[str, Any], known: frozenset[str]) -> None:
    for key in block:
        if key not in known:
            raise SchemaError(f"{path}: {where}.{key}: unknown key; known here: {', '.join(sorted(known))}")


def _node(path: str, key: str, name: Any) -> NamedNode:
    if not isinstance(name, str):
        raise SchemaError(f"{path}: {key}: {name!r} isn't a name such as dct:title")
    try:
        return node(name)
    except ValueError as error:
        raise SchemaError(f"{path}: {key}: {error}") from error


def _optional(path: str, key: str, name: Any) -> NamedNode | None:
    return None if name is None else _node(path, key, name)


def _only(path: str, key: str, block: Mapping[str, Any], allowed: str) -> bool:
    if block.get(key, allowed) != allowed:
        raise SchemaError(f"{path}: rdf.{key}: {block[key]!r} isn't {allowed}")
    return key in block


def _constant(path: str, name: str, value: Any) -> tuple[NamedNode, NamedNode | None]:
    key = f"rdf.constants.{name}"
    return _node(path, key, name), None if value == DATASET else _node(path, key, value)


def _part(path: str, name: str, entry: Mapping[str, Any]) -> Part:
    _refuse_unknown(path, f"rdf.parts.{name}", entry, PART_KEYS)
    return Part(
        _node(path, f"rdf.parts.{name}.predicate", entry.get("predicate")),
        _optional(path, f"rdf.parts.{name}.class", entry.get("class")),
    )


def _derived(path: str, entry: Mapping[str, Any]) -> Derived:
    _refuse_unknown(path, "rdf.also", entry, ALSO_KEYS)
    if entry.get("through") not in THROUGH:
        raise SchemaError(f"{path}: rdf.also.through: {entry.get('through')!r} isn't one of {', '.join(THROUGH)}")
    return Derived(
        _node(path, "rdf.also.predicate", entry.get("predicate")),
        entry["through"],
        _optional(path, "rdf.also.in_scheme", entry.get("in_scheme")),
    )
