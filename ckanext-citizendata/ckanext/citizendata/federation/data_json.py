"""DCAT-US as JSON (`data.json`), which looks like JSON-LD and says nothing in RDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["is_dcat_us"]

# Each catalogue has the first (https://resources.data.gov/resources/dcat-us/ 1.1), each dataset the last.
MARKS = (b"project-open-data", b"dcat:Catalog", b'"accessLevel"')


def is_dcat_us(body: bytes) -> bool:
    """Whether the page is a catalogue of DCAT-US without a `@context`, that is, names that mean nothing to RDF."""
    # These walk at the speed of memory: no other page is read twice.
    if b'"@context"' in body or b'"dataset"' not in body or not any(mark in body for mark in MARKS):
        return False
    try:
        catalogue = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(catalogue, dict) and _is_catalogue(catalogue)


def _is_catalogue(said: Mapping[str, Any]) -> bool:
    datasets = said.get("dataset")
    if not isinstance(datasets, list):
        return False
    named = said.get("@type") == "dcat:Catalog" or "project-open-data" in str(said.get("conformsTo"))
    return named or any(isinstance(each, dict) and "accessLevel" in each for each in datasets)
