"""The schema and the code lists of this site, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

__all__ = ["schema_dict", "vocabularies"]


@cache
def schema_dict() -> dict[str, Any]:
    """`schemas/dataset.yaml` as read."""
    return yaml.safe_load(files("ckanext.citizendata.schemas").joinpath("dataset.yaml").read_text(encoding="utf-8"))


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Each code list under its name."""
    folder = files("ckanext.citizendata.vocabularies")
    return {
        entry.name.removesuffix(".ttl"): vocabulary_from_turtle(
            entry.name.removesuffix(".ttl"), entry.read_text(encoding="utf-8")
        )
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".ttl")
    }
