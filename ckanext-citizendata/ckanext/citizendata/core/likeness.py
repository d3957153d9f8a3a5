"""What two descriptions of one dataset have in common though they go by different addresses.

Only keyed hashes are kept and compared, so that nobody can find out by guessing what a hidden record says.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.publishers import publisher_name
from ckanext.citizendata.core.terms import DCT

__all__ = ["Likeness", "likeness"]

IDENTIFIER = f"> {DCT.identifier} "
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
# How a DOI is written in different places.
RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# Shorter ones, and mere numbers, are told apart only within a catalogue.
SHORTEST = 8
HALF = 16


@dataclass(frozen=True, slots=True)
class Likeness:
    """`identifier` is the hash of what names the dataset, `wording` that of its title, publisher and period."""

    identifier: str | None
    wording: str | None


def likeness(key: bytes, iri: str, fragment: str, package: Mapping[str, Any]) -> Likeness:
    """What a record is recognised by; a part is None where it says too little.

    A dataset without an identifier of its own is named by its address, which others give as identifier.
    """
    identifier = _plain(_identifier(iri, fragment) or iri)
    words = _words(package)
    return Likeness(_hash(key, "identifier", [identifier]), _hash(key, "wording", words) if words else None)


def _identifier(iri: str, fragment: str) -> str | None:
    start = fragment.find(f"<{iri}{IDENTIFIER}")
    found = LITERAL.match(fragment, start + len(iri) + len(IDENTIFIER) + 1) if start >= 0 else None
    text = found[1].strip() if found else ""
    return text if len(text) >= SHORTEST and not text.isdigit() else None


def _plain(identifier: str) -> str:
    return RESOLVER.sub("", identifier).casefold()


def _words(package: Mapping[str, Any]) -> list[str] | None:
    """Title, publisher and period; None without the first two, which many datasets of the world share."""
    title, publisher = _title(package.get("title_translated") or {}), publisher_name(package.get("publisher"))
    if not title or not publisher:
        return None
    return [folded(title), folded(publisher), *_period(package.get("temporal_coverage") or ())]


def _title(texts: Mapping[str, Any]) -> str:
    return str(texts.get("en") or next((texts[tag] for tag in sorted(texts) if texts[tag]), ""))


def _period(rows: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """The first period, by years: catalogues write its days and months differently."""
    first = next(iter(rows), {})
    return str(first.get("start") or "")[:4], str(first.get("end") or "")[:4]


def _hash(key: bytes, kind: str, parts: Iterable[str]) -> str:
    text = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, text, "sha256")[:HALF].hex()
