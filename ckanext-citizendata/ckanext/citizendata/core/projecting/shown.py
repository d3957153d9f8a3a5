"""What CKAN keeps of a package's values, and the two dicts that its API and its index show of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.projecting.values import Values
from ckanext.citizendata.core.schema import Field

__all__ = [
    "COLUMNS",
    "EMPTY_FILE",
    "IN_JSON",
    "StoredFile",
    "StoredPackage",
    "dictized",
    "shown",
    "stored",
    "text_for_site",
    "with_clean_formats",
]

# Columns of CKAN's own that a field of the schema may fill.
COLUMNS = ("version", "url")
# Others, which no field fills.
BLANK = ("author", "author_email", "license_id", "license_title", "maintainer", "maintainer_email")
# What a file has without an answer; every other answer is kept among its extras.
EMPTY_FILE: Mapping[str, Any] = {
    "url": "",
    "format": "",
    "description": None,
    "hash": "",
    "name": None,
    "resource_type": None,
    "mimetype": None,
    "mimetype_inner": None,
    "size": None,
    "last_modified": None,
    "cache_url": None,
    "cache_last_updated": None,
    "url_type": None,
}
# What CKAN's table of extras, which holds texts alone, keeps as JSON.
IN_JSON = frozenset({"text", "keywords", "codes", "urls", "lines", "integer", "decimal"})
# What else CKAN shows of a package; a harvested one has none of these.
BESIDE = ("tags", "groups", "relationships_as_subject", "relationships_as_object")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The columns of a row of CKAN's table of resources, and its extras."""

    columns: Mapping[str, Any]
    extras: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredPackage:
    """The columns of a row of CKAN's table of packages, its extras and files; `values` say the same to the API."""

    columns: Mapping[str, Any]
    extras: Mapping[str, str]
    files: Sequence[StoredFile]
    values: Mapping[str, Any]


def text_for_site(texts: Mapping[str, Any], language: str) -> str:
    """The text in the site's language, else in English, else in the first language by tag; empty where there is none.

    {"fr": "Eau", "en": "Water"}, "de" -> "Water"
    """
    preferred = (language, "en", *sorted(map(str, texts)))
    return next((str(texts[tag]) for tag in preferred if texts.get(tag)), "")


def stored(model: Model, values: Values) -> tuple[dict[str, Any], dict[str, str], list[StoredFile]]:
    """What the values fill of CKAN's own columns, the extras, and the files."""
    field = model.schema.field
    texts = {name: _as_text(field(name), value) for name, value in values.package.items()}
    columns = {name: texts.pop(name, None) for name in COLUMNS}
    parts = {part.name: part for part in model.schema.resource_fields}
    return columns, texts, [_stored_file(parts, each) for each in values.files]


def _stored_file(parts: Mapping[str, Field], file: Mapping[str, Any]) -> StoredFile:
    columns = {**EMPTY_FILE, **{name: value for name, value in file.items() if name in EMPTY_FILE}}
    # CKAN keeps these by name.
    extras = {name: _in_file(parts[name], file[name]) for name in sorted(file.keys() - EMPTY_FILE.keys())}
    return StoredFile(columns, extras)


def _as_text(field: Field | None, value: Any) -> str:
    if field is not None and field.kind == "rows":
        return json.dumps(value)
    if isinstance(value, str) and (field is None or field.kind not in IN_JSON):
        return value
    return json.dumps(value, ensure_ascii=False)


def _in_file(field: Field, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if field.kind in IN_JSON and not field.is_number else value


def dictized(package: StoredPackage, organization: Mapping[str, Any] | None) -> dict[str, Any]:
    """The package as CKAN reads it from its tables, before any schema: the extras are a list, lists are JSON."""
    row = package.columns
    return {
        **dict.fromkeys(BLANK),
        "creator_user_id": row["creator_user_id"],
        "id": row["id"],
        "isopen": False,
        "metadata_created": row["metadata_created"].isoformat(),
        "metadata_modified": row["metadata_modified"].isoformat(),
        "name": row["name"],
        "notes": row["notes"],
        "num_resources": len(package.files),
        "num_tags": 0,
        "organization": organization,
        "owner_org": row["owner_org"],
        "private": row["private"],
        "state": row["state"],
        "title": (row["title"] or "").strip(),
        "type": row["type"],
        "url": row["url"],
        "version": row["version"],
        "extras": [{"key": name, "value": value} for name, value in package.extras.items()],
        "resources": [_dictized_file(each) for each in package.files],
        **{name: [] for name in BESIDE},
    }


def _dictized_file(file: StoredFile) -> dict[str, Any]:
    shown = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in file.columns.items()
    } | dict(file.extras)
    url = shown["url"]
    if url and not urlsplit(url).scheme:
        shown["url"] = "http://" + url.lstrip("/")
    return shown


def shown(model: Model, package: StoredPackage, default: Mapping[str, Any]) -> dict[str, Any]:
    """The package as the API shows it by our schema, from what `dictized` gives."""
    field = model.schema.field
    files = {part.name: part for part in model.schema.resource_fields}
    told = {
        name: value for name, value in default.items() if name != "extras" and (value is not None or not field(name))
    }
    return {
        **told,
        **package.values,
        "resources": [_shown_file(files, each) for each in default["resources"]],
    }


def _shown_file(fields: Mapping[str, Field], file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _loaded(fields.get(name), value)
        for name, value in file.items()
        if value is not None or name not in fields
    }


def _loaded(field: Field | None, value: Any) -> Any:
    """The value that is kept as JSON; any other as it is."""
    if field is None or field.kind not in IN_JSON or not isinstance(value, str):
        return value
    return json.loads(value)


def with_clean_formats(default: Mapping[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
    """The package with the formats as CKAN's own schema shows them; ours shows them as they are stored."""
    files = [
        {**each, "format": clean(each["format"])} if each["format"] is not None else each
        for each in default["resources"]
    ]
    return {**default, "resources": files}
