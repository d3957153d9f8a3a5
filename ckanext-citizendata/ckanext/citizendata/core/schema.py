"""The list of fields as values: what `schemas/dataset.yaml` says, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ckanext.citizendata.core.shape import SchemaError, Shape, shape_from_dict

__all__ = ["Field", "Schema", "SchemaError", "Section", "schema_from_dict"]

OBLIGATIONS = ("quick", "safety", "audience", "mandatory", "recommended", "optional", "derived")
CARDINALITIES = ("one", "many")
SAFETY_CLASSES = ("open", "closed")
REQUIRED_KEYS = ("section", "obligation", "cardinality", "safety_class")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of form and page; labels by language."""

    name: str
    label: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `closed` fields never reach the open web, so they have no RDF; `shape` is None for them and for what CKAN alone
    keeps. A subfield and a field of a resource have neither section nor obligation (`""`).
    """

    name: str
    label: Mapping[str, str] = field(hash=False)
    help_text: Mapping[str, str] = field(hash=False)
    section: str = ""
    obligation: str = ""
    vocabulary: str | None = None
    many: bool = False
    facet: bool = False
    search_weight: int = 0
    closed: bool = False
    needed: bool = False
    default_code: str = "unknown"
    subfields: tuple[Field, ...] = ()
    shape: Shape | None = None


@dataclass(frozen=True)
class Schema:
    """All fields of a dataset type and of its resources, in the order of the file."""

    dataset_type: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    resource_fields: tuple[Field, ...]
    resource_shape: Shape | None

    def field(self, name: str) -> Field | None:
        """The dataset's field of that name, or None."""
        return next((known for known in self.fields if known.name == name), None)


def schema_from_dict(document: Mapping[str, Any]) -> Schema:
    """The schema that a scheming file describes.

    Raises `SchemaError`, which names field and key, for what can't be: an unknown key in `rdf:`, a code that isn't a
    string (YAML reads a bare no as false), a closed field with RDF, a closed part of a field or of a file, an unknown
    section.
    """
    sections = tuple(
        Section(entry["name"], _texts(entry["name"], "label", entry)) for entry in document.get("sections", ())
    )
    fields = tuple(_field(entry, "") for entry in document["dataset_fields"])
    resource_fields = tuple(_part(entry, "resources.") for entry in document.get("resource_fields", ()))
    _check_fields(document["dataset_fields"], {section.name for section in sections})
    _check_references(fields)
    shape = shape_from_dict("resources", document["resource_rdf"]) if "resource_rdf" in document else None
    return Schema(str(document["dataset_type"]), sections, fields, resource_fields, shape)


def _field(entry: Mapping[str, Any], prefix: str) -> Field:
    part = _part(entry, prefix)
    path = prefix + part.name
    return Field(
        **{
            name: getattr(part, name)
            for name in (
                "name",
                "label",
                "help_text",
                "vocabulary",
                "needed",
                "default_code",
                "shape",
                "closed",
                "subfields",
            )
        },
        section=_choice(path, "section", entry, ()),
        obligation=_choice(path, "obligation", entry, OBLIGATIONS),
        many=_choice(path, "cardinality", entry, CARDINALITIES) == "many",
        facet=bool(entry.get("facet", False)),
        search_weight=int(entry.get("search_weight", 0)),
    )


def _part(entry: Mapping[str, Any], prefix: str) -> Field:
    """A field of a resource or inside another field."""
    name = entry.get("field_name")
    if not isinstance(name, str) or not name:
        raise SchemaError(f"{prefix or 'dataset_fields'}: field_name {name!r} isn't a name")
    path = prefix + name
    closed = _choice(path, "safety_class", {"safety_class": "open", **entry}, SAFETY_CLASSES) == "closed"
    if closed and prefix:
        raise SchemaError(f"{path}: safety_class: only a whole field of the dataset can be closed")
    if closed and "rdf" in entry:
        raise SchemaError(f"{path}: rdf: a closed field never leaves the site, so it has no RDF")
    return Field(
        name=name,
        label=_texts(path, "label", entry),
        help_text=_texts(path, "help_text", entry),
        vocabulary=_optional_text(path, "vocabulary", entry),
        many=entry.get("preset") == "citizendata_codes",
        default_code=_optional_text(path, "default_code", entry) or "unknown",
        needed=entry.get("needed") is True,
        closed=closed,
        subfields=tuple(_part(inner, f"{path}.") for inner in entry.get("repeating_subfields", ())),
        shape=shape_from_dict(path, entry["rdf"]) if "rdf" in entry else None,
    )


def _check_fields(entries: Sequence[Mapping[str, Any]], sections: set[str]) -> None:
    names: set[str] = set()
    for entry in entries:
        name = entry["field_name"]
        if name in names:
            raise SchemaError(f"{name}: field_name: there are two fields of this name")
        names.add(name)
        if entry["section"] not in sections:
            raise SchemaError(f"{name}: section: {entry['section']!r} isn't one of {', '.join(sorted(sections))}")
        _check_default_items(name, entry.get("default_items", ()))


def _check_default_items(name: str, items: Sequence[Mapping[str, Any]]) -> None:
    for item in items:
        for key, code in item.items():
            if not isinstance(code, str):
                raise SchemaError(f"{name}: default_items.{key}: {code!r} isn't a text; put it in quotes")


def _check_references(fields: Sequence[Field]) -> None:
    nodes = {known.name for known in fields if known.shape and known.shape.kind == "node"}
    for known in fields:
        if known.shape is None:
            continue
        if known.shape.of is not None and known.shape.of not in nodes:
            raise SchemaError(f"{known.name}: rdf.of: {known.shape.of!r} isn't a field with a node")
        for part in (known, *known.subfields):
            if part.shape and part.shape.kind == "concept" and not part.vocabulary:
                raise SchemaError(f"{part.name}: rdf.shape: a concept needs a vocabulary")


def _choice(path: str, key: str, entry: Mapping[str, Any], allowed: Sequence[str]) -> str:
    if key not in entry:
        raise SchemaError(f"{path}: {key}: is missing")
    chosen = entry[key]
    if not isinstance(chosen, str) or (allowed and chosen not in allowed):
        raise SchemaError(f"{path}: {key}: {chosen!r} isn't one of {', '.join(allowed)}")
    return chosen


def _optional_text(path: str, key: str, entry: Mapping[str, Any]) -> str | None:
    text = entry.get(key)
    if text is not None and not isinstance(text, str):
        raise SchemaError(f"{path}: {key}: {text!r} isn't a text; put it in quotes")
    return text


def _texts(path: str, key: str, entry: Mapping[str, Any]) -> Mapping[str, str]:
    texts = entry.get(key, {})
    if not isinstance(texts, Mapping):
        raise SchemaError(f"{path}: {key}: write a text for each language")
    for language, text in texts.items():
        if not isinstance(language, str) or not isinstance(text, str):
            raise SchemaError(f"{path}: {key}: {language!r}: {text!r} isn't a text in a language; put both in quotes")
    return MappingProxyType(dict(texts))
