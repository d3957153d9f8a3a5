"""Which question stands where: the fields of a scheming schema arranged for the form and for the dataset page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic.dataset_form import FormShape
from ckanext.citizendata.logic.typed_codes import is_typed

Field = Mapping[str, Any]
Schema = Mapping[str, Any]

TEXT = "citizendata_text"
CODE = "citizendata_code"
CODES = "citizendata_codes"


@dataclass(frozen=True)
class Section:
    """A heading (text by language) with its fields."""

    name: str
    label: Mapping[str, str]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class FormLayout:
    """The questions in the order of asking; `more` is folded away, since none of it is needed to publish."""

    quick: tuple[Field, ...]
    safety: tuple[Field, ...]
    audience: tuple[Field, ...]
    more: tuple[Section, ...]


def is_ours(schema: Schema | None) -> bool:
    """Whether our pages and form serve this dataset type; other types keep those of their own extension."""
    return bool(schema and schema.get("sections"))


def form_layout(schema: Schema) -> FormLayout:
    """The fields that a person fills in, by their `obligation`."""
    fields = schema["dataset_fields"]
    mandatory = [field for field in fields if field.get("obligation") not in ("quick", "safety", "audience", "derived")]
    return FormLayout(
        quick=_obliged(fields, "quick"),
        safety=_obliged(fields, "safety"),
        audience=_obliged(fields, "audience"),
        more=sections(schema, mandatory),
    )


def _obliged(fields: Iterable[Field], obligation: str) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.get("obligation") == obligation)


def sections(schema: Schema, fields: Sequence[Field]) -> tuple[Section, ...]:
    """The fields under the schema's headings, in the order of the headings; a heading without fields is left out."""
    found = (
        Section(
            section["name"],
            section["label"],
            tuple(field for field in fields if field.get("section") == section["name"]),
        )
        for section in schema["sections"]
    )
    return tuple(section for section in found if section.fields)


def form_shape(schema: Schema) -> FormShape:
    """How the answers of the schema's fields arrive in a posted form."""
    fields = [field for field in schema["dataset_fields"] if field.get("form_snippet", "") is not None]
    rows = {
        str(field["field_name"]): _several(field["repeating_subfields"])
        for field in fields
        if "repeating_subfields" in field
    }
    plain = [field for field in fields if "repeating_subfields" not in field]
    texts, lists = _named(plain, TEXT), _named(plain, CODES)
    singles = frozenset(str(field["field_name"]) for field in plain) - texts - lists
    return FormShape(texts=texts, singles=singles, lists=lists, rows=rows | {"resources": frozenset()})


def typed_fields(schema: Schema, lists: Mapping[str, Vocabulary]) -> tuple[Field, ...]:
    """The fields whose list is so long that the form asks for words."""
    coded = (field for field in schema["dataset_fields"] if field.get("preset") == CODES)
    return tuple(field for field in coded if field["vocabulary"] in lists and is_typed(lists[field["vocabulary"]]))


def _several(subfields: Iterable[Field]) -> frozenset[str]:
    return _named(subfields, CODES)


def _named(fields: Iterable[Field], preset: str) -> frozenset[str]:
    return frozenset(str(field["field_name"]) for field in fields if field.get("preset") == preset)
