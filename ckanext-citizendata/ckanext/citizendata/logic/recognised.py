"""The kind of catalogue that is found at an address, for one that is said to be whatever is found there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.citizendata.federation.decode import BY_SUFFIX
from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.ports import DCAT
from ckanext.citizendata.logic.member_values import AUTO
from ckanext.citizendata.logic.probing import kind_at

__all__ = ["with_kind"]

# Suffixes that say what a file is; JSON may be anything.
RDF_SUFFIXES = frozenset(BY_SUFFIX) - {".json"}


def with_kind(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a member, with what is at its address where its `kind` is to be found there.

    Raises `ValidationError` where it is at another address.
    """
    # Asked last, so that nobody else's server is asked for what is refused anyhow.
    return {**values, "kind": _found(values["url"])} if values.get("kind") == AUTO else dict(values)


def _found(url: str) -> str:
    """DCAT also where nothing can be had now, since it may be there tomorrow."""
    if PurePosixPath(urlsplit(url).path).suffix.lower() in RDF_SUFFIXES:
        return DCAT
    try:
        found = kind_at(url)
    except (SourceMalformed, SourceUnreachable):
        return DCAT
    if found.kind == DCAT and found.url != url:
        message = f"{url} is a web page; the catalogue's DCAT is at {found.url}: add that address"
        raise tk.ValidationError({"url": [message]})
    return found.kind
