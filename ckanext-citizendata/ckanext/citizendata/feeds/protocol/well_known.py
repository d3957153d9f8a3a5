"""The checks of `/.well-known/citizendata`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from ckanext.citizendata.core.manifest import PROTOCOL
from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.feeds.protocol.finding import Check, Get, Reply, Unanswered, failed, passed

__all__ = ["PATH", "Described", "described"]

PATH = "/.well-known/citizendata"
OPEN = ("everyone", "open")
ROLES = ("catalogue", "registry")


@dataclass(frozen=True, slots=True)
class Described:
    """What a site says of itself, as far as the other checks need it."""

    manifest: str
    catalogue: str | None = None
    key: PublicKey | None = None


def described(get: Get, site: str) -> tuple[list[Check], Described | None]:
    """The checks of the document of a site, and what it says; None where it names no open feed."""
    address = site.rstrip("/") + PATH
    expected = f"{address} answers 200 with JSON"
    advice = "Serve the document at this very path, as application/json"
    try:
        reply = get(address, {})
    except Unanswered as error:
        return [failed("well_known.answers", expected, str(error), advice)], None
    content = _json(reply)
    if content is None:
        found = f"{reply.status} with {reply.media_type or 'no media type'}"
        return [failed("well_known.answers", expected, found, advice)], None
    checks = [passed("well_known.answers", expected, "200 with JSON"), _fields(content), _key(content)]
    feed, manifest = _feed(content, address)
    return [*checks, feed], _what_is_said(content, manifest) if manifest else None


def _json(reply: Reply) -> Mapping[str, Any] | None:
    if reply.status != 200 or reply.media_type != "application/json":
        return None
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _is_address(value: object) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(text, str) and text for text in value.values())


def _is_roles(value: object) -> bool:
    return isinstance(value, list) and "catalogue" in value and all(each in ROLES for each in value)


def _is_contact(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.startswith(("mailto:", "https://", "http://")))


FIELDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "protocol": (lambda value: value == PROTOCOL, f'"{PROTOCOL}"'),
    "roles": (_is_roles, 'a list of "catalogue" and, for a registry, "registry"'),
    "catalogue": (_is_address, "the catalogue's IRI"),
    "title": (_is_texts, "an object of texts by language tag"),
    "delete_policy": (lambda value: value == "persistent", '"persistent"'),
    "contact": (_is_contact, "an address such as mailto:…, or null"),
    "licence": (lambda value: value is None or _is_address(value), "an IRI, or null"),
}


def _fields(content: Mapping[str, Any]) -> Check:
    name, expected = "well_known.fields", f"{', '.join(FIELDS)} as the protocol's table says"
    wrong = next((field for field, (is_right, _) in FIELDS.items() if not is_right(content.get(field))), None)
    if wrong is None:
        return passed(name, expected, "all of them")
    return failed(name, expected, f"{wrong} is {_shown(content.get(wrong))}", f"Let {wrong} be {FIELDS[wrong][1]}")


def _key(content: Mapping[str, Any]) -> Check:
    name, expected = "well_known.key", "key holds x, an Ed25519 key of 32 bytes in base64url, and kid, its short name"
    said = content.get("key")
    key = _key_of(said)
    if key is None:
        return failed(name, expected, _shown(said), "Publish the key that signs now, as the chapter on keys says")
    if said.get("kid") != key.kid:  # type: ignore[union-attr] - a key was found in it
        advice = f"The kid of this key is {key.kid}: the first 16 hex digits of the SHA-256 of its 32 bytes"
        return failed(name, expected, f"kid is {_shown(said.get('kid'))}", advice)  # type: ignore[union-attr]
    return passed(name, expected, key.kid)


def _key_of(said: object) -> PublicKey | None:
    x = said.get("x") if isinstance(said, dict) else None
    key = PublicKey(x) if isinstance(x, str) else None
    return key if key and key.is_key else None


def _feed(content: Mapping[str, Any], address: str) -> tuple[Check, str | None]:
    name, expected = "well_known.feeds", "feeds names one feed for everyone, open, with the address of its manifest"
    feeds = content.get("feeds")
    listed = [each for each in feeds if isinstance(each, dict)] if isinstance(feeds, list) else []
    found = [each.get("manifest") for each in listed if (each.get("audience"), each.get("access")) == OPEN]
    if len(found) == 1 and _is_address(found[0]):
        return passed(name, expected, str(found[0])), urljoin(address, str(found[0]))
    advice = 'Add {"audience": "everyone", "access": "open", "manifest": "https://…"}, once'
    return failed(name, expected, _shown(feeds), advice), None


def _what_is_said(content: Mapping[str, Any], manifest: str) -> Described:
    catalogue = content.get("catalogue")
    return Described(manifest, catalogue if isinstance(catalogue, str) else None, _key_of(content.get("key")))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:120]}…"
