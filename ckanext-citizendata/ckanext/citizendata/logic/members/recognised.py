"""The kind of catalogue that is found at an address, for one that is said to be whatever is found there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.ports import CITIZENDATA, DCAT
from ckanext.citizendata.federation.sources.recognising import says_rdf
from ckanext.citizendata.logic.members.member_values import AUTO
from ckanext.citizendata.logic.members.probing import kind_at

__all__ = ["with_kind"]


def with_kind(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a member, with what is at its address where its `kind` is to be found there.

    Where that is a site with a signed feed, `url` becomes that of its manifest. Raises `ValidationError` where its DCAT
    is at another address.
    """
    # Asked last, so that nobody else's server is asked for what is refused anyhow.
    return {**values, **_found(values["url"])} if values.get("kind") == AUTO else dict(values)


def _found(url: str) -> Mapping[str, str]:
    """DCAT also where nothing can be had now, since it may be there tomorrow."""
    if says_rdf(url):
        return {"kind": DCAT}
    try:
        found = kind_at(url)
    except (SourceMalformed, SourceUnreachable):
        return {"kind": DCAT}
    if found.kind == CITIZENDATA:
        return {"kind": CITIZENDATA, "url": found.url}
    if found.kind == DCAT and found.url != url:
        message = f"{url} is a web page; the catalogue's DCAT is at {found.url}: add that address"
        raise tk.ValidationError({"url": [message]})
    return {"kind": found.kind}
