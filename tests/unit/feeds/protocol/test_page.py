"""The examples of the protocol's page are right to the byte, so that a stranger can test with them."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, manifest_from_json
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.protocol.finding import Reply
from ckanext.citizendata.feeds.protocol.page_rules import RULES, Seen

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "protocol.md").read_text(encoding="utf-8")
SIGNER = Signer(bytes(range(32)))
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
QUADS = next(text for kind, text in BLOCKS if kind == "nquads").encode()
PAYLOAD = next(text for kind, text in BLOCKS if kind == "json" and '"page_address"' in text).strip()
SIGNED = next(text for kind, text in BLOCKS if not kind and text.startswith("eyJ")).strip()


class TestExamples:
    def test_key(self) -> None:
        """The key and its short name, wherever they stand."""
        assert SIGNER.public.x in PAYLOAD
        assert f'"key": {{"x": "{SIGNER.public.x}", "kid": "{SIGNER.public.kid}"}}' in PAGE
        assert f"The public key is `{SIGNER.public.x}`, its short name `{SIGNER.public.kid}`" in PAGE

    def test_page(self) -> None:
        """Size and hash are those of the page above."""
        assert f"has {len(QUADS)} bytes" in PAGE
        assert f"```\n{sha256(QUADS).hexdigest()}\n```" in PAGE

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
    def test_page_is_as_it_should_be(self, rule) -> None:  # noqa: ANN001
        """By each rule."""
        (listed,) = manifest_from_json(PAYLOAD.encode()).pages
        assert rule.wrong(Seen(listed, Reply(200, QUADS))) is None

    def test_manifest(self) -> None:
        """The signed text says the payload, and the key signed it."""
        assert SIGNER.public.verified(SIGNED, MANIFEST_TYPE) == PAYLOAD.encode()
        assert manifest_from_json(PAYLOAD.encode()).payload() == PAYLOAD.encode()
        # Ed25519 signs the same text in the same way each time.
        assert SIGNER.signed(PAYLOAD.encode(), MANIFEST_TYPE) == SIGNED

    def test_document(self) -> None:
        """The example of a site's document is JSON."""
        document = json.loads(next(text for kind, text in BLOCKS if kind == "json"))
        assert document["protocol"] == "citizendata/1"
