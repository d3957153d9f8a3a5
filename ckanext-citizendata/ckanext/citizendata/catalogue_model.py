"""The schema and the code lists of this site, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from ckanext.citizendata import vocabularies
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import schema_from_dict
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

__all__ = ["load"]

SCHEMA_FILE = "dataset.yaml"


@cache
def load() -> Model:
    """Schema and vocabularies as shipped; raises `SchemaError` or `VocabularyError` for files that can't be used."""
    text = files("ckanext.citizendata.schemas").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    return Model(schema_from_dict(yaml.safe_load(text)), _vocabularies())


def _vocabularies() -> Mapping[str, Vocabulary]:
    return {name: vocabulary_from_turtle(name, vocabularies.read(name)) for name in vocabularies.names()}
