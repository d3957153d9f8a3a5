"""Which answer stands where on the page of a dataset: in the order in which readers ask, not in that of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.logic.forms.form_layout import Field, Schema, fields_of, is_answered

__all__ = ["PARTS", "Arranged", "Part", "Told", "arranged", "is_given", "told"]

# Without an answer to one of these a reader can't judge whether the data are of use.
EXPECTED = ("quick", "safety", "mandatory")
EMPTY = (None, "", [], {})


@dataclass(frozen=True)
class Part:
    """A part of the page: the fields that it begins with, then what else stands in these sections of the schema."""

    name: str
    first: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


# fmt: off
PARTS = (
    Part("what", (
        "citizen_data_form", "data_kind", "theme", "sdg_goal", "sdg_target", "sdg_indicator", "sdg_relation",
        "other_framework", "purpose", "purpose_description", "language", "keyword",
    ), ("about",)),
    Part("whose", ("creator", "producer_kind", "initiator_kind", "initiator", "data_ownership"), ("community",)),
    Part("when_and_where", (
        "temporal_coverage", "collection_period", "country", "spatial_coverage", "geographic_granularity",
        "spatial_resolution_in_meters", "time_method", "frequency", "issued", "modified", "version", "version_notes",
    )),
    Part("people", (), ("people",)),
    Part("making", ("engagement", "engagement_profile", "collection_mode"), ("making", "method")),
    Part("limits", ("limitations", "coverage_gaps", "bias")),
    Part("access", (), ("access",)),
    Part("use", ("data_use", "impact_statement", "results_returned"), ("use", "official")),
    Part("quality", (), ("quality",)),
    Part("protection", (), ("consent", "safety")),
    Part("partners", (), ("partners",)),
)
# fmt: on


@dataclass(frozen=True)
class Arranged:
    """A part with its fields; `label` (a text by language) is that of a section which a site added."""

    name: str
    fields: tuple[Field, ...]
    label: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Told:
    """What a part has to say: answers for everybody, questions without one, answers for own people."""

    name: str
    label: Mapping[str, str] | None
    told: tuple[Field, ...]
    untold: tuple[Field, ...]
    closed: tuple[Field, ...]


def arranged(schema: Schema) -> tuple[Arranged, ...]:
    """Every field of a dataset in one part; sections that a site added come last, under their own headings."""
    fields = {field["field_name"]: field for field in fields_of(schema)}
    taken = {name for part in PARTS for name in part.first}
    rest = [field for name, field in fields.items() if name not in taken]
    ours = (Arranged(part.name, tuple(_fields(part, fields, rest))) for part in PARTS)
    known = {section for part in PARTS for section in part.sections}
    added = [section for section in schema["sections"] if section["name"] not in known]
    others = (Arranged(each["name"], tuple(_of_section(each["name"], rest)), each["label"]) for each in added)
    return tuple(part for part in (*ours, *others) if part.fields)


def _fields(part: Part, fields: Mapping[str, Field], rest: Sequence[Field]) -> Iterator[Field]:
    yield from (fields[name] for name in part.first if name in fields)
    for section in part.sections:
        yield from _of_section(section, rest)


def _of_section(section: str, rest: Sequence[Field]) -> Iterator[Field]:
    return (field for field in rest if field.get("section") == section)


def told(part: Arranged, package: Mapping[str, Any], closed: Callable[[Field], bool]) -> Told:
    """What the package says in this part; its closed answers are for own people alone."""
    fields = [field for field in part.fields if not closed(field)]
    answers = tuple(field for field in fields if is_answered(field, _value(field, package)))
    untold = (field for field in fields if field not in answers and _is_missed(field, package))
    hidden = (field for field in part.fields if closed(field) and is_given(field, package))
    return Told(part.name, part.label, answers, tuple(untold), tuple(hidden))


def is_given(field: Field, package: Mapping[str, Any]) -> bool:
    """Whether anything stands in the field, were it that nobody knows."""
    return _value(field, package) not in EMPTY


def _is_missed(field: Field, package: Mapping[str, Any]) -> bool:
    return field.get("obligation") in EXPECTED or is_given(field, package)


def _value(field: Field, package: Mapping[str, Any]) -> Any:
    return package.get(field["field_name"])
