"""What a feed tells of what is gone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ckanext.citizendata.core.manifest import KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.evidence import LONG_AGO, Gone, evidence, gone_on
from ckanext.citizendata.feeds.snapshot_page import record_text

NOON = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
BASE = "https://kenya.example.org"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def dataset(name: str) -> bytes:
    """What a page says of a dataset."""
    iri = f"{BASE}/dataset/{name}"
    return record_text(
        Dataset(iri, f"{BASE}/record/{name}", f"<{iri}> {TYPE} <http://www.w3.org/ns/dcat#Dataset> .\n", NOON, NOON)
    ).text


def grave(name: str, kind: str = "withdrawn") -> bytes:
    """What a page says of one that is gone."""
    return record_text(Grave(f"{BASE}/dataset/{name}", f"{BASE}/record/{name}", kind, NOON)).text


def gone(name: str, kind: str = "withdrawn", since: datetime = NOON) -> Gone:
    """What is told of that."""
    return Gone(f"{BASE}/dataset/{name}", f"{BASE}/record/{name}", kind, since)


class TestGoneOn:
    def test_tells_each_tombstone(self) -> None:
        """With its class and since when; datasets are none."""
        assert gone_on(dataset("1") + grave("2") + grave("3", "deleted")) == [gone("2"), gone("3", "deleted")]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (b"tombstone/deleted", b"tombstone/burnt", gone("1")),
            (b"2026-11-27T12:00:00Z", b"yesterday", gone("1", "deleted", LONG_AGO)),
        ],
    )
    def test_doubts_in_favour_of_who_took_it_back(self, old: bytes, new: bytes, expected: Gone) -> None:
        """What can't be read is the class that never returns by itself."""
        assert gone_on(grave("1", "deleted").replace(old, new)) == [expected]


class TestEvidence:
    def test_adds_up_what_pages_tell(self) -> None:
        """And counts those that nobody has any more."""
        pages = (ManifestPage("", "a" * 64, 1, 1, 1), ManifestPage("5", "b" * 64, 1, 1))
        keys = (KeyProof(Signer(bytes(32)).public),)
        manifest = Manifest(f"{BASE}/catalog", "everyone", 1, 1, NOON, NOON + timedelta(7), pages, keys)
        texts = {"a" * 64: dataset("1") + grave("2")}
        found = evidence("a folder", "signed", manifest, pages, texts.get)
        assert (found.gone, found.listed, found.lost) == ([gone("2")], frozenset([f"{BASE}/dataset/1"]), 1)
