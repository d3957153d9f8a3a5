"""The schemas and code lists, as shipped and with what a site adds to them; each is read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

# setup.py maps the folder in, where pyright doesn't look.
from ckanext.citizendata import vocabularies as shipped  # pyright: ignore[reportAttributeAccessIssue]
from ckanext.citizendata.core.conformance import Profile, profile_from_dict
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema_files import with_additions, with_parts
from ckanext.citizendata.core.schema_reading import schema_from_dict
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

__all__ = ["SHIPPED", "Additions", "digest", "load", "profile", "schema_dict", "vocabularies"]

DATASET = "dataset"
# Keys of a schema that say nothing of what a record says.
FOR_PEOPLE = frozenset({"about", "about_url", "form_placeholder", "help_text", "label", "sections"})


@dataclass(frozen=True)
class Additions:
    """What a site adds: files with fields, and folders with code lists, by path; nothing shipped is touched."""

    schemas: tuple[str, ...] = ()
    vocabularies: tuple[str, ...] = ()


SHIPPED = Additions()


@cache
def load(name: str = DATASET, additions: Additions = SHIPPED) -> Model:
    """The model of a schema (dataset, organization, catalogue, catalogue_record) with all code lists.

    Raises `SchemaError` or `VocabularyError` for files that can't be used, `OSError` for an addition that isn't there.
    """
    return Model(schema_from_dict(schema_dict(name, additions)), vocabularies(additions))


@cache
def schema_dict(name: str = DATASET, additions: Additions = SHIPPED) -> Mapping[str, Any]:
    """The schema file with shared parts in their places, and the keys of ckanext-scheming that `Schema` leaves out."""
    added = [yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {} for path in additions.schemas]
    return with_parts(with_additions(_yaml(f"{name}.yaml"), added), _yaml("parts.yaml"))


@cache
def vocabularies(additions: Additions = SHIPPED) -> Mapping[str, Vocabulary]:
    """Each code list under its name.

    A file in a site's folder makes a new list; under the name of a shipped one it adds entries to that.
    """
    return {name: vocabulary_from_turtle(name, text) for name, text in sorted(_texts(additions).items())}


@cache
def digest(name: str = DATASET, additions: Additions = SHIPPED) -> str:
    """A short name for what the schema and the code lists say: another one where a record may say something else.

    What the schema tells people alone is no part of it.
    """
    said = [_without_words(schema_dict(name, additions)), sorted(_texts(additions).items())]
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _without_words(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {key: _without_words(each) for key, each in part.items() if key not in FOR_PEOPLE}
    return [*map(_without_words, part)] if isinstance(part, list) else part


def _texts(additions: Additions) -> dict[str, str]:
    """The Turtle of each code list."""
    texts = {name: shipped.read(name) for name in shipped.names()}
    for folder in additions.vocabularies:
        for path in sorted(Path(folder).glob("*.ttl")):
            texts[path.stem] = f"{texts.get(path.stem, '')}\n{path.read_text(encoding='utf-8')}"
    return texts


@cache
def profile() -> Profile:
    """What DCAT-AP itself asks of a record; raises `SchemaError` for a table that can't be used."""
    return profile_from_dict(_yaml("dcat-ap.yaml"))


@cache
def _yaml(name: str) -> Mapping[str, Any]:
    return yaml.safe_load(files("ckanext.citizendata.schemas").joinpath(name).read_text(encoding="utf-8"))
