"""Which question stands where: the fields of a scheming schema arranged for the form and for the dataset page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic.forms.dataset_form import FormShape, Kind, Question
from ckanext.citizendata.logic.forms.typed_codes import is_typed

Field = Mapping[str, Any]
Schema = Mapping[str, Any]
Vocabularies = Mapping[str, Vocabulary]

KINDS = {
    "citizendata_text": Kind.TEXT,
    "citizendata_keywords": Kind.KEYWORDS,
    "citizendata_codes": Kind.SEVERAL,
    "citizendata_urls": Kind.LINES,
    "citizendata_lines": Kind.LINES,
    "citizendata_integer": Kind.FIGURE,
    "citizendata_decimal": Kind.FIGURE,
    "citizendata_date": Kind.FIGURE,
}
CODED = ("citizendata_code", "citizendata_codes")
ABOVE = ("quick", "safety", "audience")
DERIVED = "derived"
# What nobody is asked for among the questions, yet stands in the form: the address, and who answers for the record.
BESIDE = ("name", "owner_org")
TOLD = ("lc_label",)


@dataclass(frozen=True)
class Section:
    """A heading (text by language) with its fields."""

    name: str
    label: Mapping[str, str]
    fields: tuple[Field, ...]

    @property
    def first(self) -> tuple[Field, ...]:
        """The fields that matter for most data."""
        return tuple(field for field in self.fields if field.get("obligation") != "optional")

    @property
    def rest(self) -> tuple[Field, ...]:
        """The fields that few data need."""
        return tuple(field for field in self.fields if field.get("obligation") == "optional")


@dataclass(frozen=True)
class FormLayout:
    """The questions in the order of asking; `more` is folded away, since none of it is needed to publish.

    `told` are fields of the sections in `more` that the form shows without asking: others than its readers set them.
    """

    quick: tuple[Field, ...]
    safety: tuple[Field, ...]
    audience: tuple[Field, ...]
    more: tuple[Section, ...]
    told: tuple[Field, ...]


def fields_of(schema: Schema) -> Sequence[Field]:
    """The fields of a dataset, or of an organisation."""
    return schema["dataset_fields"] if "dataset_fields" in schema else schema["fields"]


def is_ours(schema: Schema | None) -> bool:
    """Whether our pages and form serve this dataset type; other types keep those of their own extension."""
    return bool(schema and schema.get("sections"))


def form_layout(schema: Schema) -> FormLayout:
    """The fields that a person fills in, by their `obligation`."""
    fields = fields_of(schema)
    below = [field for field in fields if field.get("obligation") not in (*ABOVE, DERIVED)]
    return FormLayout(
        quick=_obliged(fields, "quick"),
        safety=_obliged(fields, "safety"),
        audience=_obliged(fields, "audience"),
        more=sections(schema, below),
        told=tuple(field for field in fields if field["field_name"] in TOLD),
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


def answered(fields: Iterable[Field], data: Mapping[str, Any]) -> int:
    """How many of these fields have an answer that somebody gave: what is filled in for want of one doesn't count."""
    return sum(is_answered(field, data.get(field["field_name"])) for field in fields)


def is_answered(field: Field, value: Any) -> bool:
    """Whether the value says more than that nobody knows."""
    # Numbers: 0 is an answer.
    if value in (None, "", [], {}):
        return False
    if "default_items" in field and isinstance(value, list):
        return any(row not in field["default_items"] for row in value)
    return value not in ("unknown", ["unknown"])


def form_shape(schema: Schema, lists: Vocabularies) -> FormShape:
    """How the answers of the schema's fields arrive in a posted form; what nobody is asked for isn't in it."""
    asked = [field for field in fields_of(schema) if _is_asked(field)]
    rows = {field["field_name"]: _parts(field["repeating_subfields"], lists) for field in asked if _has_rows(field)}
    files = [field for field in schema.get("resource_fields", ()) if field.get("form_snippet", "") is not None]
    return FormShape(
        fields=_parts([field for field in asked if not _has_rows(field)], lists),
        rows=rows | ({"resources": _parts(files, lists)} if files else {}),
    )


def _is_asked(field: Field) -> bool:
    if field.get("form_snippet", "") is None:
        return False
    return field.get("obligation") != DERIVED or field["field_name"] in BESIDE


def _has_rows(field: Field) -> bool:
    return "repeating_subfields" in field


def _parts(fields: Iterable[Field], lists: Vocabularies) -> dict[str, Question]:
    return {str(field["field_name"]): _question(field, lists) for field in fields}


def _question(field: Field, lists: Vocabularies) -> Question:
    kind = KINDS.get(str(field.get("preset")), Kind.LINE)
    words = lists.get(str(field.get("vocabulary"))) if field.get("preset") in CODED else None
    # Several answers may be typed beside those in sight; of one answer only where not all of them are.
    return Question(kind, words if words is not None and (kind is Kind.SEVERAL or is_typed(words)) else None)


def typed_lists(schema: Schema, lists: Vocabularies) -> tuple[Vocabulary, ...]:
    """Each list that is asked for as words alone somewhere in the form, once."""
    shape = form_shape(schema, lists)
    questions = [*shape.fields.values(), *(part for parts in shape.rows.values() for part in parts.values())]
    words = [question.words for question in questions if question.words is not None and is_typed(question.words)]
    return tuple({each.name: each for each in words}.values())
