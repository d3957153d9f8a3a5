"""Manifests and signed texts: what is written is read, and what was touched isn't believed."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ckanext.citizendata.core.manifest import (
    MANIFEST_TYPE,
    KeyProof,
    Manifest,
    ManifestPage,
    Misstated,
    manifest_from_json,
)
from ckanext.citizendata.core.signature import PublicKey, Signer, Unsigned, signed_by, signer_of, unverified

NOON = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
SIGNER = Signer(bytes(range(32)))
MANIFEST = Manifest(
    catalogue="https://kenya.example.org/catalog",
    audience="everyone",
    epoch=1,
    sequence=42,
    created=NOON,
    expires=NOON + timedelta(days=7),
    pages=(ManifestPage("", "a" * 64, 1000, 2, 1), ManifestPage("7f", "b" * 64, 500, 1)),
    keys=(KeyProof(SIGNER.public),),
)


class TestManifest:
    def test_is_read_as_it_was_written(self) -> None:
        """The counts of all pages are added up."""
        read = manifest_from_json(MANIFEST.payload())
        assert read == MANIFEST
        assert (read.datasets, read.tombstones) == (3, 1)

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("protocol", "citizendata/9", "protocol is 'citizendata/9'"),
            ("sequence", "42", "sequence is '42'"),
            ("sequence", True, "sequence is True"),
            ("epoch", 0, "epoch is 0"),
            ("expires", "tomorrow", "expires is 'tomorrow'"),
            ("datasets", 4, "datasets is 4, and the pages have 3"),
            ("previous", "abc", "previous is 'abc'"),
            ("pages", {}, "pages is no list"),
            ("pages", [{"start": "", "sha256": "x"}], "sha256 is 'x'"),
            ("keys", [], "keys is empty"),
            ("keys", [{"x": "?"}], "which is no key"),
            ("catalogue", None, "catalogue is None"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, field: str, value: Any, said: str) -> None:
        """With its value, so that whoever wrote it finds it."""
        content = json.loads(MANIFEST.payload()) | {field: value}
        with pytest.raises(Misstated, match=said):
            manifest_from_json(json.dumps(content).encode())

    def test_lists_its_pages_in_order(self) -> None:
        """Else a page could hide behind another one."""
        wrong = replace(MANIFEST, pages=MANIFEST.pages[::-1])
        with pytest.raises(Misstated, match="order of start"):
            manifest_from_json(wrong.payload())


class TestSignature:
    def test_is_a_web_signature_that_others_can_make(self) -> None:
        """Made here by hand from RFC 7515, without the code under test."""
        key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        x = _b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        head = _b64(json.dumps({"alg": "EdDSA", "typ": MANIFEST_TYPE}).encode())
        body = _b64(b"{}")
        text = f"{head}.{body}.{_b64(key.sign(f'{head}.{body}'.encode()))}"
        assert PublicKey(x).verified(text, MANIFEST_TYPE) == b"{}"
        assert SIGNER.public == PublicKey(x)

    def test_of_another_key_type_or_text_is_none(self) -> None:
        """Each fails alone."""
        text = SIGNER.signed(b"{}", MANIFEST_TYPE)
        assert SIGNER.public.verified(text, MANIFEST_TYPE) == unverified(text) == b"{}"
        assert signed_by(text) == SIGNER.public.kid
        head, _, signature = text.split(".")
        for key, changed, typ in (
            (Signer.new().public, text, MANIFEST_TYPE),
            (SIGNER.public, text, "citizendata-key+json"),
            (SIGNER.public, f"{head}.{_b64(b'[]')}.{signature}", MANIFEST_TYPE),
            (SIGNER.public, "no signed text", MANIFEST_TYPE),
        ):
            with pytest.raises(Unsigned):
                key.verified(changed, typ)

    def test_without_a_signature_is_none(self) -> None:
        """`alg: none` was believed by others."""
        head = _b64(json.dumps({"alg": "none", "typ": MANIFEST_TYPE}).encode())
        with pytest.raises(Unsigned):
            SIGNER.public.verified(f"{head}.{_b64(b'{}')}.", MANIFEST_TYPE)

    def test_key_comes_from_a_file(self) -> None:
        """What is no key says how long it is."""
        assert signer_of(_b64(bytes(range(32))) + "\n") == SIGNER
        with pytest.raises(ValueError, match="32 bytes.*has 3"):
            signer_of("abcd")


def _b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
