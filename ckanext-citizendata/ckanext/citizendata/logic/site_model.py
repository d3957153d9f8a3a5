"""The schemas and code lists of this site: what is shipped, and what its options add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata import catalogue_model, config
from ckanext.citizendata.catalogue_model import Additions
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["additions", "digest", "model", "schema_dict", "vocabulary"]


def model(name: str = "dataset") -> Model:
    """The model of a schema, read once a process; raises as `catalogue_model.load` for files that can't be used."""
    return catalogue_model.load(name, additions())


def schema_dict(name: str = "dataset") -> Mapping[str, Any]:
    """The schema as ckanext-scheming takes it."""
    return catalogue_model.schema_dict(name, additions())


def digest() -> str:
    """A short name for what the schema of datasets and the code lists of this site say."""
    return catalogue_model.digest(additions=additions())


def vocabulary(name: str) -> Vocabulary:
    """The code list of that name; raises `KeyError` where there is none."""
    return catalogue_model.vocabularies(additions())[name]


def additions() -> Additions:
    """What this site adds to the shipped model."""
    return Additions(config.schema_files(), config.vocabulary_folders())
