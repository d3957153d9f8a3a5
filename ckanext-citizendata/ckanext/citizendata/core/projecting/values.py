"""What of a harvested record its page keeps, field by field, and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.conformance import readable_part, value_in_shape
from ckanext.citizendata.core.conformance.bounds import MOST_VALUES
from ckanext.citizendata.core.conformance.checker import checker_of
from ckanext.citizendata.core.conformance.lists import standing_alone
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule
from ckanext.citizendata.core.conformance.shaping import SHAPES
from ckanext.citizendata.core.conformance.wording import ENGLISH
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.rules import derived
from ckanext.citizendata.core.schema import Field

__all__ = ["Values", "following", "readable_value", "values_of"]

# What CKAN decides, and no feed.
NOT_OF_FEEDS = frozenset({"name", "owner_org"})
RESOURCES = "resources"


@dataclass(frozen=True, slots=True)
class Values:
    """The answers of a package and of its files, in the shape of the API; nothing is empty."""

    package: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...] = ()


def values_of(model: Model, projection: Mapping[str, Any]) -> Values:
    """The readable values of a projection, with those that follow from them and that its source doesn't give.

    {"title_translated": {"en": " Water "}, "country": ["KENYA"]} -> {"title_translated": {"en": "Water"}, …}
    """
    package, files = model.kept(_Readers).read(projection)
    whole = {**package, RESOURCES: files} if files else package
    package.update((name, value) for name, value in following(model, whole).items() if value is not None)
    return Values(package, tuple(files))


def following(model: Model, package: Mapping[str, Any]) -> dict[str, Any]:
    """The derived values that a harvested record lacks; those that its own catalogue gives, and its goals, stay."""
    field = model.schema.field
    return {
        name: value
        for name, value in derived(model, package).items()
        if name not in package and (known := field(name)) is not None and known.obligation == "derived"
    }


def readable_value(model: Model, field: Field, value: Any) -> Any:
    """`readable_part` of `value_in_shape`, but the rule is asked once where nothing is wrong; None for nothing."""
    return model.kept(_Readers).of(field).read(value)


class _Reader:
    """Reads the values of one field."""

    __slots__ = ("_alone", "_field", "_kind", "_model", "_places", "_rule", "_shape")

    def __init__(self, model: Model, field: Field, rule: Rule) -> None:
        self._model, self._field, self._rule, self._kind = model, field, rule, field.kind
        self._shape = SHAPES.get(field.kind)
        vocabulary = model.vocabularies.get(field.vocabulary or "")
        self._places = {} if vocabulary is None else vocabulary.places
        self._alone = frozenset() if vocabulary is None else standing_alone(field, vocabulary)

    def read(self, value: Any) -> Any:
        """What can be shown of the value, in the shape of the API; None where nothing can."""
        if self._kind == "code" and isinstance(value, str) and value in self._places:
            return value
        if self._kind == "codes" and isinstance(value, list) and self._are_codes(value):
            return sorted(dict.fromkeys(value), key=self._places.__getitem__)
        shaped = self._shaped(value)
        if shaped is None or shaped == "":
            return None
        report = Report(ENGLISH)
        self._rule(shaped, self._field.name, report)
        return readable_part(self._model, self._field, shaped) if report.problems else shaped

    def _shaped(self, value: Any) -> Any:
        """`value_in_shape`, sooner for plain texts."""
        if not isinstance(value, str) or self._places or self._kind == "rows" or "\r" in value:
            return value_in_shape(self._model, self._field, value)
        stripped = value.strip()
        return self._shape(value) if stripped and self._shape else stripped

    def _are_codes(self, codes: list[Any]) -> bool:
        """Whether these are codes of the list that may stand together."""
        if not all(isinstance(code, str) and code in self._places for code in codes):
            return False
        return len(codes) == 1 or (len(codes) <= MOST_VALUES and self._alone.isdisjoint(codes))


class _Readers:
    """The readers of all fields of a model, made once."""

    def __init__(self, model: Model) -> None:
        schema = model.schema
        self._model = model
        self._flat = {
            field.name: self._made(field)
            for field in schema.fields
            if field.kind != "rows" and field.name not in NOT_OF_FEEDS
        }
        # CKAN keeps the parts of a row by name.
        self._rows = {
            field.name: {part.name: self._made(part) for part in sorted(field.subfields, key=lambda part: part.name)}
            for field in schema.fields
            if field.kind == "rows"
        }
        self._files = {field.name: self._made(field) for field in schema.resource_fields}
        parts = (part for field in schema.fields for part in field.subfields)
        # By identity, since equal fields of other models may have other lists; the model keeps its fields alive.
        self._by_field = {id(field): self._made(field) for field in (*schema.fields, *parts, *schema.resource_fields)}

    def _made(self, field: Field) -> _Reader:
        return _Reader(self._model, field, checker_of(self._model).rule(field))

    def of(self, field: Field) -> _Reader:
        """The reader of a field of the model, or of one that is made up with its lists."""
        return self._by_field.get(id(field)) or self._made(field)

    def read(self, projection: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The readable answers of the package and of its files."""
        package = _read({name: self._flat[name] for name in projection if name in self._flat}, projection)
        for name, parts in self._rows.items():
            rows = [row for each in projection.get(name) or () if (row := _read(parts, each))]
            if rows:
                package[name] = rows
        return package, [_read(self._files, each) for each in projection.get(RESOURCES) or ()]


def _read(readers: Mapping[str, _Reader], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The readable answers, in the order of the readers."""
    found: dict[str, Any] = {}
    for name, reader in readers.items():
        value = answers.get(name)
        if value is not None and (read := reader.read(value)) not in (None, "", [], {}):
            found[name] = read
    return found
