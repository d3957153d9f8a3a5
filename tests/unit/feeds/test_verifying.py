"""Wrong bytes, named by the file that they are in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, KeyProof, ManifestPage
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.issuing import Issue, issued
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.feeds.verifying import flaws

NOW = datetime(2026, 5, 1, tzinfo=timezone.utc)
SIGNER = Signer.new()
LINE = b"<https://a.example/1> <https://a.example/p> <https://a.example/2> <https://a.example/record/1> .\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A feed with one page and one snapshot."""
    store = Store.of(tmp_path, "everyone")
    page = ManifestPage("", store.put_page(LINE), len(LINE), 1)
    issue = Issue("https://a.example/catalog", "everyone", 1, [KeyProof(SIGNER.public)], days=7)
    manifest = issued(issue, [page], "", NOW)
    assert manifest
    store.put_manifest(1, SIGNER.signed(manifest.payload(), MANIFEST_TYPE))
    store.make_current(1)
    return store


def places(store: Store, now: datetime = NOW) -> list[str]:
    return [flaw.place for flaw in flaws(store, [SIGNER.public], now)]


def flip(path: Path) -> None:
    """Another byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


class TestFlaws:
    def test_none(self, store: Store) -> None:
        """Nothing is wrong with what was just made."""
        assert places(store) == []

    def test_every_byte_of_a_page(self, store: Store) -> None:
        """One wrong byte of a page, plain or packed, is named by that page."""
        for path in sorted(store.folder.glob("pages/*")):
            whole = path.read_bytes()
            flip(path)
            assert f"pages/{path.name}" in places(store)
            path.write_bytes(whole)

    def test_every_byte_of_a_manifest(self, store: Store) -> None:
        """One wrong byte of a manifest, wherever it is, is named by that manifest."""
        path = store.folder / "manifests" / "1.jws"
        whole = path.read_bytes()
        for number in range(0, len(whole), 7):
            path.write_bytes(whole[:number] + bytes([whole[number] ^ 1]) + whole[number + 1 :])
            assert "manifests/1.jws" in places(store), number

    def test_other_key(self, store: Store) -> None:
        """A manifest that somebody else signed isn't ours."""
        (flaw,) = flaws(store, [Signer.new().public], NOW)
        assert "no key of this site" in flaw.message

    def test_other_number(self, store: Store) -> None:
        """An old manifest under the name of a newer one is found out."""
        store.put_manifest(2, store.manifest(1) or "")
        store.make_current(2)
        assert places(store) == ["manifests/2.jws"]

    def test_missing(self, store: Store) -> None:
        """A page, a manifest or a number that isn't there is named too."""
        (page,) = store.folder.glob("pages/*.nq")
        page.unlink()
        assert places(store) == [f"pages/{page.name}"]
        (store.folder / "manifests" / "1.jws").unlink()
        assert places(store) == ["manifests/1.jws"]
        (store.folder / "current").unlink()
        assert places(store) == ["current"]

    def test_expired(self, store: Store) -> None:
        """A snapshot that nobody believes any more is said to be so."""
        assert places(store, NOW + timedelta(days=8)) == ["manifests/1.jws"]
