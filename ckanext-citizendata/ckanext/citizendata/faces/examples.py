"""A worked value for each field: from the example in its help text where there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.lexical import is_date
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["example_text", "example_value"]

EXAMPLE = "Example: "
POINT = '{"type":"Point","coordinates":[36.78,-1.31]}'
AREA = '{"type":"Polygon","coordinates":[[[36.7,-1.4],[36.8,-1.4],[36.8,-1.3],[36.7,-1.3],[36.7,-1.4]]]}'
ADDRESS = re.compile(r"https?://[^\s,;)]+[^\s,;).]")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DATE = re.compile(r"\b\d{4}(?:-\d{2}(?:-\d{2})?)?\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Where the help has none.
PLAIN: Mapping[str, Any] = {
    "date": "2024-03-01",
    "email": "data@example.org",
    "phone": "+254700000000",
    "url": "https://example.org/page",
    "geometry": AREA,
    "integer": 40,
    "decimal": 92.5,
    "format": "CSV",
    "media_type": "text/csv",
}
# What must have a form of its own: values that are known to fit it.
FORMED: Mapping[str, str] = {
    "lc_project": "https://localcontextshub.org/projects/259854f7-b261-4c8c-8556-4b153deebc18",
    "iati_id": "XM-DAC-41114-OUTPUT-1",
    "currency": "KES",
    "mimetype": "text/csv",
    "centroid": POINT,
}
# What the site works out itself, in the form that it has then.
DERIVED: Mapping[str, str] = {"engagement_profile": "needs5-design4"}
NODE = "https://example.org/{name}/1"


def example_text(field: Field) -> str:
    """The example of the help text in English, without its full stop; "" where there is none."""
    return field.help_text.get("en", "").partition(EXAMPLE)[2].strip().removesuffix(".")


def example_value(model: Model, field: Field) -> Any:
    """A value that the field takes, in the shape of the API."""
    if field.shape and field.shape.is_node:
        return NODE.format(name=field.label.get("en", field.name).split()[-1].lower())
    if field.subfields:
        return [{part.name: example_value(model, part) for part in field.subfields}]
    if field.vocabulary and field.kind in ("code", "codes", "format"):
        return _code(model, field)
    said = example_text(field)
    if field.kind in ("text", "keywords"):
        text = said or field.label.get("en", field.name)
        return {"en": text if field.kind == "text" else [part.strip() for part in re.split("[,;]", text)]}
    value = _formed(field, said) or DERIVED.get(field.name) or _found(field.kind, said) or _plain(field, said)
    return [value] if field.many else value


def _formed(field: Field, said: str) -> str | None:
    """What has the form that a field asks for: its own example, or one that is known to."""
    pattern = field.limits.pattern
    return said if pattern and re.fullmatch(pattern, said) else FORMED.get(field.name)


def _code(model: Model, field: Field) -> Any:
    """The entry that the help names, else the first of the list."""
    written = [concept for concept in model.vocabularies[str(field.vocabulary)] if concept.written]
    said = [part.strip() for part in re.split("[,;:]", example_text(field).lower())]
    named = (concept for concept in written if concept.labels.get("en", "").lower() in said)
    code = next(named, written[0]).code
    return [code] if field.many else code


def _found(kind: str, said: str) -> Any:
    """The value of that kind in a sentence."""
    forms = {"url": ADDRESS, "urls": ADDRESS, "email": MAIL, "date": DATE, "integer": NUMBER, "decimal": NUMBER}
    found = forms[kind].search(said) if kind in forms else None
    if found is None or (kind == "date" and not is_date(found[0])):
        return None
    if kind == "integer":
        return int(float(found[0]))
    return float(found[0]) if kind == "decimal" else found[0]


def _plain(field: Field, said: str) -> Any:
    if field.name in ("uri", "url") or field.kind in ("url", "urls"):
        return PLAIN["url"]
    return PLAIN.get(field.kind) or said or field.label.get("en") or field.name
