"""The checks of a manifest: signed, whole, in force, of this site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ckanext.citizendata.core.key_chain import vouches
from ckanext.citizendata.core.manifest import (
    MANIFEST_TYPE,
    KeyProof,
    Manifest,
    Misstated,
    manifest_from_json,
)
from ckanext.citizendata.core.signature import Unsigned, unverified
from ckanext.citizendata.feeds.protocol.finding import Check, Get, Reply, Unanswered, failed, passed
from ckanext.citizendata.feeds.protocol.well_known import Described

__all__ = ["manifest_checks"]

MEDIA_TYPE = "application/jose"
# Clocks differ.
AHEAD = timedelta(minutes=5)


def manifest_checks(get: Get, said: Described, now: datetime) -> tuple[list[Check], Manifest | None]:
    """The checks of a manifest, and what it says; None where that can't be told, or somebody else signed it."""
    reply, answered = _answered(get, said.manifest)
    if reply is None:
        return [answered], None
    manifest, read = _read(reply)
    checks = [answered, _media_type(reply), read]
    if manifest is None:
        return checks, None
    signature = _signature(reply, manifest, said)
    checks += [signature, _proofs(manifest), _whose(manifest, said), _in_force(manifest, now)]
    return [*checks, _again(get, said.manifest, reply)], manifest if signature.passed else None


def _answered(get: Get, address: str) -> tuple[Reply | None, Check]:
    name, expected = "manifest.answers", f"{address} answers 200"
    advice = "Serve the manifest where the site's document says that it is"
    try:
        reply = get(address, {})
    except Unanswered as error:
        return None, failed(name, expected, str(error), advice)
    if reply.status != 200:
        return None, failed(name, expected, str(reply.status), advice)
    return reply, passed(name, expected, "200")


def _media_type(reply: Reply) -> Check:
    name, expected, found = "manifest.media_type", f"Content-Type: {MEDIA_TYPE}", reply.media_type or "none"
    if reply.media_type == MEDIA_TYPE:
        return passed(name, expected, found)
    return failed(name, expected, found, f"Send the header Content-Type: {MEDIA_TYPE}")


def _read(reply: Reply) -> tuple[Manifest | None, Check]:
    name, expected = "manifest.content", "a compact JWS whose payload is a manifest, field by field"
    try:
        manifest = manifest_from_json(unverified(_text(reply)))
    except Unsigned as error:
        advice = "Serve the text of one JWS in its compact form, and nothing else"
        return None, failed(name, expected, str(error), advice)
    except Misstated as error:
        return None, failed(name, expected, str(error), "Write this field as the table of the manifest says")
    return manifest, passed(name, expected, f"sequence {manifest.sequence} with {len(manifest.pages)} pages")


def _text(reply: Reply) -> str:
    return reply.body.decode("ascii", "replace").strip()


def _signature(reply: Reply, manifest: Manifest, said: Described) -> Check:
    name = "manifest.signature"
    expected = f"signed with EdDSA as {MANIFEST_TYPE} by the last of its keys, the one that the site's document names"
    key = manifest.keys[-1].key
    if said.key and said.key != key:
        found = f"the last of its keys is {key.kid}, and the document names {said.key.kid}"
        return failed(name, expected, found, "After a change of the key write the new one into both")
    try:
        key.verified(_text(reply), MANIFEST_TYPE)
    except Unsigned as error:
        return failed(name, expected, str(error), "Sign exactly the bytes that are sent, with this key and this typ")
    return passed(name, expected, f"signed by {key.kid}")


def _proofs(manifest: Manifest) -> Check:
    name, expected = "manifest.keys", "the proof of each key is signed by the key before it"
    wrong = next(_wrong_proofs(manifest), None)
    if wrong is None:
        return passed(name, expected, _said_of(manifest.keys))
    advice = (
        "Sign the new key with the old one; where that is lost, leave proof null: people have to confirm the new one"
    )
    return failed(name, expected, wrong, advice)


def _said_of(keys: Sequence[KeyProof]) -> str:
    if len(keys) == 1 or keys[-1].proof:
        return f"{len(keys)} in the list"
    return f"nothing proves the key {keys[-1].key.kid}, which people at the other end have to confirm"


def _wrong_proofs(manifest: Manifest) -> Iterator[str]:
    for before, after in zip(manifest.keys, manifest.keys[1:], strict=False):
        if after.proof is not None and not vouches(before.key, after):
            yield f"the proof of the key {after.key.kid} isn't signed by {before.key.kid}, or speaks of another key"


def _whose(manifest: Manifest, said: Described) -> Check:
    name = "manifest.catalogue"
    catalogue = said.catalogue or manifest.catalogue
    expected, found = f"catalogue {catalogue}, audience everyone", f"{manifest.catalogue}, {manifest.audience}"
    if (manifest.catalogue, manifest.audience) == (catalogue, "everyone"):
        return passed(name, expected, found)
    return failed(
        name, expected, found, "Name the same catalogue in both, and everyone as the audience of the open feed"
    )


def _in_force(manifest: Manifest, now: datetime) -> Check:
    name, expected = "manifest.in_force", "created in the past, expires in the future"
    found = f"{manifest.created:%Y-%m-%dT%H:%M:%SZ} to {manifest.expires:%Y-%m-%dT%H:%M:%SZ}"
    if manifest.expires <= now:
        return failed(name, expected, found, "Issue a manifest with the next sequence before the old one expires")
    if manifest.created > now + AHEAD:
        return failed(name, expected, found, "Set the clock of the server right")
    return passed(name, expected, found)


def _again(get: Get, address: str, reply: Reply) -> Check:
    name, expected = "manifest.unchanged", "an ETag, and 304 for a reader who has that"
    tag = reply.headers.get("etag", "")
    advice = "Send the quoted SHA-256 of the body as ETag, and answer If-None-Match: a registry asks every few minutes"
    if not tag:
        return failed(name, expected, "no ETag", advice)
    try:
        again = replace(get(address, {"If-None-Match": tag}), body=b"")
    except Unanswered as error:
        return failed(name, expected, str(error), advice)
    if again.status != 304:
        return failed(name, expected, f"{again.status} for a reader who has {tag}", advice)
    return passed(name, expected, "304")
