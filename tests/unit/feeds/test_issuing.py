"""When a manifest follows another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.issuing import Issue, issued, manifest_in

NOW = datetime(2026, 5, 1, 12, 0, 0, 999, tzinfo=timezone.utc)
PAGES = (ManifestPage("", "a" * 64, 10, 1),)
SIGNER = Signer.new()
ISSUE = Issue("https://a.example/catalog", "everyone", 1, [KeyProof(SIGNER.public)], days=8)


def signed(manifest: Manifest | None) -> str:
    assert manifest
    return SIGNER.signed(manifest.payload(), MANIFEST_TYPE)


@pytest.fixture
def first() -> str:
    return signed(issued(ISSUE, PAGES, "", NOW))


class TestIssued:
    def test_first(self, first: str) -> None:
        """It has the number 1, follows nothing, and is believed for so many days, to the second."""
        found = manifest_in(first)
        assert (found.sequence, found.previous) == (1, None)
        assert found.created == NOW.replace(microsecond=0)
        assert found.expires - found.created == timedelta(days=8)

    def test_same(self, first: str) -> None:
        """None while it is still right."""
        assert issued(ISSUE, PAGES, first, NOW + timedelta(days=3)) is None

    def test_half(self, first: str) -> None:
        """One with the next number when half of the time is over."""
        found = issued(ISSUE, PAGES, first, NOW + timedelta(days=4))
        assert found
        assert (found.sequence, found.pages) == (2, PAGES)
        assert found.created == NOW.replace(microsecond=0) + timedelta(days=4)

    @pytest.mark.parametrize(
        "issue",
        [
            replace(ISSUE, keys=[KeyProof(SIGNER.public), KeyProof(Signer.new().public, "proof")]),
            replace(ISSUE, mapping_version="3"),
            replace(ISSUE, licence="https://a.example/licence"),
        ],
    )
    def test_different(self, first: str, issue: Issue) -> None:
        """One that names the one before by its hash, where anything is different."""
        found = issued(issue, PAGES, first, NOW)
        assert found
        assert (found.sequence, found.previous) == (2, sha256(manifest_in(first).payload()).hexdigest())

    def test_pages(self, first: str) -> None:
        """Other pages are something different, and so are none."""
        found = issued(ISSUE, (), first, NOW)
        assert found
        assert (found.sequence, found.pages) == (2, ())

    def test_epoch(self, first: str) -> None:
        """A new epoch goes on counting, and follows nothing: what came before may be lost."""
        found = issued(replace(ISSUE, epoch=2), PAGES, first, NOW)
        assert found
        assert (found.epoch, found.sequence, found.previous) == (2, 2, None)
