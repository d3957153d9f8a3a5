"""From what people write, in a form, a file or a program, to the shape of a package; never raises on odd input.

What can't be brought into shape stays as it was written, so that the check names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.citizendata.core.conformance.rule import is_empty
from ckanext.citizendata.core.depth import NESTED, may_be_deep, shallow
from ckanext.citizendata.core.json_text import said_in_json
from ckanext.citizendata.core.lexical import canonical_tag, is_language_tag, is_phone, phone_digits
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["package_in_shape", "value_in_shape"]

# What people put between keywords, in the scripts of the six languages of the UN.
BETWEEN_WORDS = re.compile(r"[\n,;،؛，、；]")
LONGEST_NUMBER = 40


def package_in_shape(model: Model, package: Mapping[str, Any]) -> dict[str, Any]:
    """The package with each field of the model in its shape, without empty answers; other keys are as they were."""
    fields = {field.name: field for field in model.schema.fields}
    shaped = {
        name: value_in_shape(model, fields[name], value) if name in fields else shallow(value)
        for name, value in package.items()
    }
    if model.schema.resource_shape and not is_empty(shaped.get("resources")):
        parts = {part.name: part for part in model.schema.resource_fields}
        shaped["resources"] = _rows(model, parts, shaped["resources"])
    return {name: value for name, value in shaped.items() if name not in fields or not is_empty(value)}


def _with_plain_ends(value: Any) -> Any:
    """Texts whose lines end as everywhere but in forms: RDF/XML doesn't keep a carriage return."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def value_in_shape(model: Model, field: Field, value: Any) -> Any:
    """The value as packages hold it; None or an empty one where nothing was answered.

    " 2023 " -> "2023", '["UGA", "KEN"]' -> ["KEN", "UGA"], {"zh-hant": "水", "en": ""} -> {"zh-Hant": "水"}
    """
    value = _with_plain_ends(shallow(value))
    if is_empty(value):
        return None
    if field.kind == "rows":
        return _rows(model, {part.name: part for part in field.subfields}, _parsed(value))
    if field.vocabulary is not None and field.vocabulary in model.vocabularies:
        return _coded(field, model.vocabularies[field.vocabulary], value)
    shape = SHAPES.get(field.kind)
    return shape(value) if shape else value.strip() if isinstance(value, str) else value


def _rows(model: Model, parts: Mapping[str, Field], value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        return value
    rows = [_row(model, parts, item) if isinstance(item, Mapping) else item for item in value]
    return [row for row in rows if not is_empty(row)]


def _row(model: Model, parts: Mapping[str, Field], item: Mapping[str, Any]) -> dict[str, Any]:
    shaped = {
        name: value_in_shape(model, parts[name], value) if name in parts else value for name, value in item.items()
    }
    return {name: value for name, value in shaped.items() if not is_empty(value)}


def _coded(field: Field, vocabulary: Vocabulary, value: Any) -> Any:
    if field.kind == "codes":
        return _codes(vocabulary, value)
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return value
    text = value.strip()
    known = text.upper().lstrip(".")
    return known if field.kind == "format" and known in vocabulary else text


def _codes(vocabulary: Vocabulary, value: Any) -> Any:
    """The codes once each, in the order of the list; one that isn't there stands at the end."""
    value = _parsed(value)
    codes = [code for code in (value if isinstance(value, (list, tuple)) else [value]) if not is_empty(code)]
    if not all(isinstance(code, str) for code in codes):
        return codes
    chosen = dict.fromkeys(code.strip() for code in codes)
    return [
        *(code for code in vocabulary.codes if code in chosen),
        *(code for code in chosen if code not in vocabulary),
    ]


def _texts(value: Any) -> Any:
    found = _parsed(value)
    return _by_language(found, _with_plain_ends) if isinstance(found, Mapping) else value


def _keywords(value: Any) -> Any:
    found = _parsed(value)
    return _by_language(found, _words) if isinstance(found, Mapping) else value


def _by_language(texts: Mapping[Any, Any], shape: Callable[[Any], Any]) -> dict[Any, Any]:
    """The texts under canonical tags; where two tags are one, both stay as written."""
    given = {tag: shape(text) for tag, text in texts.items() if not is_empty(text)}
    canonical = {tag: canonical_tag(tag) if isinstance(tag, str) and is_language_tag(tag) else tag for tag in given}
    if len(set(canonical.values())) < len(given):
        return given
    return {canonical[tag]: text for tag, text in given.items()}


def _words(value: Any) -> Any:
    if isinstance(value, str):
        value = BETWEEN_WORDS.split(value)
    return _once(value) if isinstance(value, (list, tuple)) else value


def _lines(value: Any) -> Any:
    found = _parsed(value)
    if isinstance(found, str):
        found = found.splitlines()
    return _once(found) if isinstance(found, (list, tuple)) else value


def _once(items: Iterable[Any]) -> list[Any]:
    """The items without blanks around them, without empty ones, each once."""
    stripped = [item.strip() if isinstance(item, str) else item for item in items]
    given = [item for item in stripped if not is_empty(item)]
    # What isn't a text is told apart by how it is written; it is refused anyhow.
    return list({item if isinstance(item, str) else ("", repr(item)): item for item in given}.values())


def _number(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER:
        return value
    try:
        exact = Decimal(value.strip())
    except InvalidOperation:
        return value
    # An exponent would make a number of a million digits.
    if not exact.is_finite() or exact.adjusted() > LONGEST_NUMBER:
        return value
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _geometry(value: Any) -> Any:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return value.strip() if isinstance(value, str) else value


def _date(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value).strip() if isinstance(value, (str, int)) else value


def _without(scheme: str) -> Callable[[Any], Any]:
    return lambda value: value.strip().removeprefix(scheme) if isinstance(value, str) else value


def _phone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    number = value.strip().removeprefix("tel:")
    return phone_digits(number) if is_phone(number) else number


def _media_type(value: Any) -> Any:
    """text/csv of text/csv; charset=utf-8."""
    return value.partition(";")[0].strip() if isinstance(value, str) else value


def _parsed(value: Any) -> Any:
    """What a text says that is a list or an object of JSON; any other value, and what lies too deep, as it is."""
    found = said_in_json(value)
    return value if found is not value and may_be_deep(value) and shallow(found) is NESTED else found


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "text": _texts,
    "keywords": _keywords,
    "urls": _lines,
    "lines": _lines,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "email": _without("mailto:"),
    "phone": _phone,
    "geometry": _geometry,
    "media_type": _media_type,
}
