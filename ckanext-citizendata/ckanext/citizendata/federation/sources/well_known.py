"""What a site says of itself at `/.well-known/citizendata` (RFC 8615): here, where its signed feed is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.manifest import PROTOCOL
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin

__all__ = ["WELL_KNOWN", "manifest_of", "well_known"]

WELL_KNOWN = "/.well-known/citizendata"
# More of it isn't looked at.
MOST_BYTES = 64 * 1024


def well_known(url: str) -> str:
    """Where the site of an address would say what it is."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, WELL_KNOWN, "", ""))


def manifest_of(answer: Answer) -> str | None:
    """The address of the manifest of the feed for everyone, on the same server; None where there is none."""
    feeds = _feeds(answer)
    named = (each.get("manifest") for each in feeds if isinstance(each, dict) and each.get("audience") == EVERYONE)
    beside = (_beside(answer.url, each) for each in named)
    return next((url for url in beside if url), None)


def _feeds(answer: Answer) -> Iterable[Any]:
    if answer.file or len(answer.body) > MOST_BYTES:
        return ()
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ()
    is_ours = isinstance(said, dict) and said.get("protocol") == PROTOCOL and isinstance(said.get("feeds"), list)
    return said["feeds"] if is_ours else ()


def _beside(base: str, named: Any) -> str | None:
    """The address that is named, where it is on the server that names it."""
    if not isinstance(named, str):
        return None
    try:
        url = urljoin(base, named)
        return url if origin(url) == origin(base) else None
    except (ValueError, SourceMalformed):
        return None
