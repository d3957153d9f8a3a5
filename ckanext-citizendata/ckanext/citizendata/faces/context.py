"""The JSON-LD context (https://www.w3.org/TR/json-ld11/): short names for what a record says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.shape import Shape
from ckanext.citizendata.core.terms import DCT, PREFIXES
from ckanext.citizendata.faces.turtle import Names

__all__ = ["context_json"]

# "id" and "type" stand for the keywords of JSON-LD.
KEYWORDS = {"id": "@id", "type": "@type"}
TRANSLATED = "_translated"
# What every record says beside its fields.
OWN = (DCT.identifier,)


@dataclass(frozen=True)
class _Use:
    """One place where a predicate is written; `name` is the field's, for one that says something of the dataset."""

    predicate: str
    name: str
    shape: Shape
    many: bool = False


def context_json(model: Model) -> str:
    """The context as JSON, prefixes first, then names in the order of the schema."""
    names = Names()
    prefixes = {prefix: str(space) for prefix, space in PREFIXES.items()}
    uses: dict[str, list[_Use]] = {}
    for use in _uses(model):
        uses.setdefault(use.predicate, []).append(use)
    terms = _terms(uses, names)
    definitions = {terms[iri]: _definition(iri, places, names) for iri, places in uses.items()}
    classes = {name: _short(iri, names) for iri, name in _classes(model) if name not in definitions}
    context = {"@version": 1.1, **prefixes, **KEYWORDS, **dict(sorted(classes.items())), **definitions}
    return json.dumps({"@context": context}, ensure_ascii=False, indent=2) + "\n"


def _uses(model: Model) -> Iterator[_Use]:
    yield from (_Use(predicate.value, "", Shape("literal", predicate)) for predicate in OWN)
    for field in (*model.schema.fields, *model.schema.resource_fields):
        name = "" if field in model.schema.resource_fields else field.name.removesuffix(TRANSLATED)
        if field.shape and not field.shape.is_node:
            yield _Use(field.shape.predicate.value, name, field.shape, field.many)
            yield from _inside(field, field.shape)
        parts = ((part.shape, part.many) for part in field.subfields if part.shape and not part.shape.is_node)
        yield from (_Use(shape.predicate.value, "", shape, many) for shape, many in parts)
    if model.schema.resource_shape:
        yield _Use(model.schema.resource_shape.predicate.value, "distribution", model.schema.resource_shape, True)


def _inside(field: Field, shape: Shape) -> Iterator[_Use]:
    """What a field's node says beside its parts: constants, nodes inside, its value, consequences of a code."""
    named = [predicate for predicate, _ in shape.constants] + [part.predicate for part in shape.parts.values()]
    named += [derived.predicate for derived in shape.also]
    yield from (_Use(predicate.value, "", Shape("node", predicate)) for predicate in named)
    if shape.value:
        yield _Use(shape.value.predicate.value, "", shape.value, field.many)


def _terms(uses: Mapping[str, Sequence[_Use]], names: Names) -> dict[str, str]:
    """A name of its own for each predicate: the field's where one field alone says it, else the predicate's."""
    taken = {*KEYWORDS, *PREFIXES}
    terms: dict[str, str] = {}
    for iri, places in sorted(uses.items(), key=lambda pair: len(pair[1]) == 1 and bool(pair[1][0].name)):
        prefix, _, local = names.of(iri).partition(":")
        wanted = [*([places[0].name] if len(places) == 1 else []), local, f"{prefix}{local[:1].upper()}{local[1:]}"]
        terms[iri] = next(name for name in wanted if name and name not in taken)
        taken.add(terms[iri])
    return terms


def _definition(iri: str, places: Sequence[_Use], names: Names) -> Any:
    """The predicate, with the type and language of its values where all places agree."""
    told: dict[str, Any] = {"@id": _short(iri, names)}
    types = {_type(place.shape, names) for place in places}
    if types <= {"", "@language"} and "@language" in types:
        several = any(place.shape.kind == "texts" for place in places)
        return {**told, "@container": ["@language", "@set"] if several else "@language"}
    if len(types) == 1 and (only := types.pop()) not in ("", "@date", "@node"):
        told["@type"] = only
    if any(place.many for place in places):
        told["@container"] = "@set"
    return told if len(told) > 1 else told["@id"]


def _type(shape: Shape, names: Names) -> str:
    if shape.kind in ("text", "texts"):
        return "@language"
    if shape.kind == "literal":
        return names.of(shape.datatype.value) if shape.datatype else ""
    if shape.kind == "node":
        # Without a type, so that writers put the node itself there and not its name alone.
        return "@node"
    return "@date" if shape.kind == "date" else "@id"


def _classes(model: Model) -> Iterator[tuple[str, str]]:
    """The classes that only one vocabulary has under its name, with that name."""
    shapes = [field.shape for field in (*model.schema.fields, *model.schema.resource_fields) if field.shape]
    shapes += [model.schema.resource_shape] if model.schema.resource_shape else []
    found = [model.schema.rdf_class, *(shape.class_ for shape in shapes)]
    found += [part.class_ for shape in shapes for part in shape.parts.values()]
    iris = {node.value for node in found if node is not None}
    locals_ = [_local(iri) for iri in iris]
    return ((iri, _local(iri)) for iri in iris if locals_.count(_local(iri)) == 1)


def _short(iri: str, names: Names) -> str:
    """The name with a prefix, or the bare IRI: JSON-LD has no angle brackets."""
    return names.of(iri).strip("<>")


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
