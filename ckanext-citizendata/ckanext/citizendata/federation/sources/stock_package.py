"""A package of any CKAN -> a package of ours: CKAN's own fields, ckanext-dcat's extras, and fields named as here.

What can't be read costs that one answer. Where ckanext-dcat has a rule, such as the dates that it takes, it is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.conformance.shaping import package_in_shape
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.federation.sources.stock_values import (
    answers_of,
    code_of,
    day_of,
    rows_of,
    text_in,
    text_of,
    texts_of,
    words_of,
)

__all__ = ["licence_of", "package_from_stock"]

ROWS = ("rows", "periods", "contacts", "engagement")
# Of whom the contact of a dataset is, the first that there is: name, e-mail, page.
CONTACTS = (
    ("contact_name", "contact_email", "contact_url"),
    ("maintainer", "maintainer_email", ""),
    ("author", "author_email", ""),
)
# CKAN's names of licences that have one version only; what the others mean stands behind `license_url`.
LICENCES = {
    "cc-zero": "CC0",
    "odc-by": "ODC_BY_1",
    "odc-odbl": "ODbL_1",
    "odc-pddl": "PDDL",
}


def package_from_stock(model: Model, stock: Mapping[str, Any], language: str, site: str) -> dict[str, Any]:
    """The answers of a package by our fields, in their shape; texts without a language are in `language`.

    {"title": "Water", "tags": [{"name": "tap"}], "extras": [{"key": "theme", "value": '["…/data-theme/HEAL"]'}]}
    -> {"title_translated": {"en": "Water"}, "keyword": {"en": ["tap"]}, "theme": ["HEAL"]}
    """
    said = answers_of(stock)
    reader = _Reader(model, language)
    known = [field for field in model.schema.fields if field.obligation != "derived"]
    package = {**_ours(said, language), "publisher": _publisher(said, site), **reader.answers(known, said)}
    files = [reader.file(said, answers_of(each)) for each in rows_of(said.get("resources"))]
    return package_in_shape(model, {**package, "resources": files})


def licence_of(model: Model, said: Mapping[str, Any]) -> str | None:
    """The code of the licence that a dataset or a file names; None for none, and for one that isn't in the list."""
    vocabulary = model.vocabularies["licence"]
    named = LICENCES.get(str(said.get("license_id")).lower())
    texts = (text_of(said.get(key)) for key in ("license", "license_url", "license_id", "license_title"))
    return named or next((code for text in texts if text and (code := code_of(vocabulary, text))), None)


@dataclass(frozen=True, slots=True)
class _Reader:
    model: Model
    language: str

    def answers(self, fields: Sequence[Field], said: Mapping[str, Any]) -> dict[str, Any]:
        """What stands under the names of our own fields, if it says anything there."""
        found = {field.name: self._answer(field, said[field.name]) for field in fields if field.name in said}
        return {name: value for name, value in found.items() if value}

    def file(self, dataset: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """A file; what it is called and what may be done with it, its dataset says where it doesn't."""
        uploaded = text_of(said.get("url")) if said.get("url_type") == "upload" else None
        stock = {
            "id": text_of(said.get("id")),
            "download_url": uploaded,
            "license": licence_of(self.model, said) or licence_of(self.model, dataset),
            "issued": day_of(said.get("created")),
            "modified": day_of(said.get("last_modified") or said.get("metadata_modified")),
        }
        own = self.answers(self.model.schema.resource_fields, said)
        return {**stock, **own, "license": stock["license"]}

    def _answer(self, field: Field, value: Any) -> Any:
        if field.kind in ROWS:
            return rows_of(value) or [{"identifier": text} for text in _identifiers(field, value)]
        if field.kind == "text":
            return texts_of(value, self.language)
        if field.kind == "keywords":
            return value if isinstance(value, Mapping) else {self.language: words_of(value)}
        if field.vocabulary in self.model.vocabularies:
            return self._codes(field, value)
        if field.kind in ("urls", "lines"):
            return words_of(value)
        if field.kind == "date":
            return day_of(value)
        if field.is_number:
            # No number of ours is below zero.
            return None if str(value).lstrip().startswith("-") else value
        return text_in(value, self.language)

    def _codes(self, field: Field, value: Any) -> Any:
        vocabulary = self.model.vocabularies[field.vocabulary or ""]
        codes = [code_of(vocabulary, text) or text for text in words_of(value)]
        return codes if field.kind == "codes" else next(iter(codes), None)


def _ours(said: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What CKAN and ckanext-dcat call otherwise than we do."""
    return {
        "title_translated": texts_of(said.get("title") or said.get("name"), language),
        "notes_translated": texts_of(said.get("notes") or said.get("description"), language),
        "keyword": _keywords(said, language),
        "issued": day_of(said.get("metadata_created")),
        "modified": day_of(said.get("metadata_modified")),
        "temporal_coverage": _periods(said),
        "spatial_coverage": _places(said, language),
        "contact": _contacts(said),
        "creator": [{"name": text_of(said.get("author"))}] if text_of(said.get("author")) else [],
        "alternate_identifier": [{"identifier": text} for text in words_of(said.get("identifier"))],
    }


def _keywords(said: Mapping[str, Any], language: str) -> dict[str, Any]:
    translated = next((said[key] for key in ("tags_translated", "keywords") if isinstance(said.get(key), Mapping)), {})
    words = words_of(said.get("tags"))
    by_language = {tag: words_of(each) for tag, each in translated.items() if isinstance(tag, str)}
    return by_language or ({language: words} if words else {})


def _publisher(said: Mapping[str, Any], site: str) -> list[dict[str, Any]]:
    """Who publishes it: whom it names, else the organisation that it belongs to."""
    rows = [row for row in rows_of(said.get("publisher")) if text_of(row.get("name"))]
    if rows:
        return [{"name": text_of(rows[0]["name"]), "uri": text_of(rows[0].get("uri"))}]
    name = text_of(said.get("publisher_name")) or text_of(said.get("publisher"))
    if name:
        return [{"name": name, "uri": text_of(said.get("publisher_uri"))}]
    found = said.get("organization")
    organization = found if isinstance(found, Mapping) else {}
    name = text_of(organization.get("title")) or text_of(organization.get("name"))
    id_ = text_of(organization.get("id")) or text_of(organization.get("name"))
    return [{"name": name, "uri": f"{site}/organization/{id_}"}] if name and id_ else []


def _contacts(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    for keys in CONTACTS:
        name, mail, page = (text_of(said.get(key)) for key in keys)
        if name or mail:
            return [{"name": name or mail, "email": mail, "url": page}]
    return []


def _periods(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    start, end = day_of(said.get("temporal_start")), day_of(said.get("temporal_end"))
    return [{"start": start, "end": end}] if start or end else []


def _places(said: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """The place that ckanext-spatial and ckanext-dcat describe in three extras."""
    place = {
        "name": text_in(said.get("spatial_text"), language),
        "uri": text_of(said.get("spatial_uri")),
        "geom": next(iter(rows_of(said.get("spatial"))), None),
    }
    return [place] if any(place.values()) else []


def _identifiers(field: Field, value: Any) -> list[str]:
    return words_of(value) if field.name == "alternate_identifier" else []
