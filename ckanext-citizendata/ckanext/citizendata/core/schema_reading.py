"""From what the files of `schemas/` say to fields, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode

from ckanext.citizendata.core.schema import CLOSED, MAX_LENGTH, SAFETY_CLASSES, Field, Limits, Schema, Section
from ckanext.citizendata.core.shape import SchemaError, shape_from_dict
from ckanext.citizendata.core.terms import node

__all__ = ["KINDS", "SchemaError", "schema_from_dict"]

OBLIGATIONS = ("quick", "safety", "audience", "mandatory", "recommended", "optional", "derived")
CARDINALITIES = ("one", "many")
PRESET = "citizendata_"
# fmt: off
KINDS = frozenset(
    {
        "text", "code", "codes", "line", "lines", "date", "email", "phone", "url", "urls", "integer",
        "decimal", "keywords", "geometry", "media_type", "format", "moment", "name", "rows", "periods",
        "contacts", "engagement", "derived", "derived_list",
    }
)
KEYS = frozenset(
    {
        "field_name", "preset", "label", "help_text", "section", "obligation", "cardinality", "facet",
        "search_weight", "safety_class", "vocabulary", "default_code", "default_items", "needed", "max_length",
        "multiline", "pattern", "minimum", "maximum", "not_below", "at_most", "required_when",
        "at_least_one_of", "in_order", "repeating_subfields", "rdf",
    }
)
# Of ckanext-scheming, for what we leave to CKAN.
KEYS_OF_SCHEMING = frozenset(
    {
        "validators", "output_validators", "form_snippet", "display_snippet", "form_attrs", "classes",
        "choices", "choices_helper", "required", "help_inline", "help_allow_html", "form_placeholder",
    }
)
# fmt: on
SEVERAL = ("codes", "urls", "lines")
# What a file of fields keeps them under, by the key that names its type.
FIELDS = {"dataset_type": "dataset_fields", "organization_type": "fields", "record_type": "fields"}


def schema_from_dict(document: Mapping[str, Any]) -> Schema:
    """The schema that a file describes, shared parts already in their places.

    Raises `SchemaError`, which names field and key, for what can't be: an unknown key in `rdf:`, a code that isn't a
    string (YAML reads a bare no as false), a closed part of a field or of a file, an unknown section.
    """
    sections = tuple(
        Section(entry["name"], _texts(entry["name"], "label", entry)) for entry in document.get("sections", ())
    )
    type_key = next((key for key in FIELDS if key in document), "dataset_type")
    entries = document[FIELDS[type_key]]
    fields = tuple(_field(entry, "") for entry in entries)
    resource_fields = tuple(_part(entry, "resources.") for entry in document.get("resource_fields", ()))
    _check_fields(entries, {section.name for section in sections})
    _check_references(fields)
    shape = shape_from_dict("resources", document["resource_rdf"]) if "resource_rdf" in document else None
    return Schema(
        type_name=str(document[type_key]),
        sections=sections,
        fields=fields,
        resource_fields=resource_fields,
        resource_shape=shape,
        rdf_class=_class(document.get("rdf_class", "dcat:Dataset")),
        names_itself=document.get("names_itself", True) is True,
    )


def _class(name: Any) -> NamedNode:
    try:
        return node(str(name))
    except ValueError as error:
        raise SchemaError(f"rdf_class: {error}") from error


def _field(entry: Mapping[str, Any], prefix: str) -> Field:
    part = _part(entry, prefix)
    path = prefix + part.name
    return replace(
        part,
        section=_choice(path, "section", entry, ()),
        obligation=_choice(path, "obligation", entry, OBLIGATIONS),
        many=_choice(path, "cardinality", entry, CARDINALITIES) == "many",
        facet=bool(entry.get("facet", False)),
        search_weight=int(entry.get("search_weight", 0)),
        safety_class=_choice(path, "safety_class", entry, SAFETY_CLASSES),
    )


def _part(entry: Mapping[str, Any], prefix: str) -> Field:
    """A field of a resource or inside another field."""
    name = entry.get("field_name")
    if not isinstance(name, str) or not name:
        raise SchemaError(f"{prefix or 'dataset_fields'}: field_name {name!r} isn't a name")
    path = prefix + name
    for key in entry:
        if key not in KEYS | KEYS_OF_SCHEMING:
            raise SchemaError(f"{path}: {key}: unknown key; known here: {', '.join(sorted(KEYS))}")
    safety_class = _choice(path, "safety_class", {"safety_class": "open", **entry}, SAFETY_CLASSES)
    if safety_class in CLOSED and prefix:
        raise SchemaError(f"{path}: safety_class: only a whole field of the dataset can be closed")
    kind = _kind(path, entry)
    return Field(
        name=name,
        label=_texts(path, "label", entry),
        help_text=_texts(path, "help_text", entry),
        kind=kind,
        vocabulary=_optional_text(path, "vocabulary", entry),
        many=kind in SEVERAL,
        default_code=_optional_text(path, "default_code", entry) or "unknown",
        needed=entry.get("needed") is True,
        safety_class=safety_class,
        limits=_limits(path, entry),
        subfields=tuple(_part(inner, f"{path}.") for inner in entry.get("repeating_subfields", ())),
        shape=shape_from_dict(path, entry["rdf"]) if "rdf" in entry else None,
    )


def _kind(path: str, entry: Mapping[str, Any]) -> str:
    preset = str(entry.get("preset", ""))
    kind = preset.removeprefix(PRESET)
    if preset.startswith(PRESET) and kind not in KINDS:
        raise SchemaError(
            f"{path}: preset: {preset!r} isn't one of {', '.join(f'{PRESET}{each}' for each in sorted(KINDS))}"
        )
    if "repeating_subfields" in entry:
        return "rows"
    return kind if preset.startswith(PRESET) else "line"


def _limits(path: str, entry: Mapping[str, Any]) -> Limits:
    codes = entry.get("required_when", {})
    for name, listed in codes.items():
        if not all(isinstance(code, str) for code in listed):
            raise SchemaError(f"{path}: required_when.{name}: {listed!r} aren't texts; put them in quotes")
    return Limits(
        max_length=int(entry.get("max_length", MAX_LENGTH)),
        pattern=_optional_text(path, "pattern", entry),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        not_below=_optional_text(path, "not_below", entry),
        at_most=entry.get("at_most"),
        at_least_one_of=tuple(entry.get("at_least_one_of", ())),
        in_order=tuple(entry.get("in_order", ())),
        required_when=MappingProxyType({name: tuple(listed) for name, listed in codes.items()}),
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
