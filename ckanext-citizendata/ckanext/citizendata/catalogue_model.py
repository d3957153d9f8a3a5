"""The schema and the code lists of this site, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# setup.py maps the folder in, where pyright doesn't look.
from ckanext.citizendata import vocabularies as shipped  # pyright: ignore[reportAttributeAccessIssue]
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import schema_from_dict
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

__all__ = ["load", "schema_dict", "vocabularies"]

SCHEMA_FILE = "dataset.yaml"


@cache
def load() -> Model:
    """Schema and vocabularies as shipped; raises `SchemaError` or `VocabularyError` for files that can't be used."""
    return Model(schema_from_dict(schema_dict()), vocabularies())


@cache
def schema_dict() -> Mapping[str, Any]:
    """The schema file as read, with the keys of ckanext-scheming that `Schema` leaves out."""
    return yaml.safe_load(files("ckanext.citizendata.schemas").joinpath(SCHEMA_FILE).read_text(encoding="utf-8"))


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Each code list under its name."""
    return {name: vocabulary_from_turtle(name, shipped.read(name)) for name in shipped.names()}
