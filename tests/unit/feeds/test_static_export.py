"""A snapshot as files: whole or not there, replaced only where it is one, and readable by the protocol's checks."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.federation.files import files_at
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.feeds.static_export import NotExported, exported
from ckanext.citizendata.feeds.store import Store

NOON = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
SIGNER = Signer(bytes(range(32)))
Publish = Callable[..., Manifest]


def silent(_done: int, _total: int) -> None:
    """Nobody looks."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "everyone")


@pytest.fixture
def publish(store: Store) -> Publish:
    """Serves a snapshot with pages of these texts."""

    def published(sequence: int, *texts: bytes) -> Manifest:
        pages = tuple(
            ManifestPage(str(number) if number else "", store.put_page(text), len(text), 1)
            for number, text in enumerate(texts)
        )
        manifest = Manifest(
            "https://kenya.example.org/catalog", "everyone", 1, sequence, NOON, NOON + timedelta(7), pages,
            (KeyProof(SIGNER.public),),
        )  # fmt: skip
        store.put_manifest(sequence, SIGNER.signed(manifest.payload(), MANIFEST_TYPE))
        store.make_current(sequence)
        return manifest

    return published


def files(folder: Path) -> list[str]:
    """All files below a folder, by their paths in it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class TestFolder:
    def test_has_what_is_served(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """The signed text byte for byte, its pages by their hashes, and a page of plain words."""
        manifest = publish(1, b"one\n", b"two\n")
        target = tmp_path / "out"
        assert exported(store, target, silent) == manifest
        names = [f"pages/{page.sha256}.nq" for page in manifest.pages]
        assert files(target) == sorted(["README.txt", "manifest", *names])
        assert (target / "manifest").read_text() == store.manifest(1)
        assert [(target / name).read_bytes() for name in names] == [b"one\n", b"two\n"]
        words = (target / "README.txt").read_text()
        assert "https://kenya.example.org/catalog" in words
        assert "2 datasets" in words

    def test_is_brought_up_to_date(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """What no page of the new one is goes; a file of somebody else stays."""
        target = tmp_path / "out"
        publish(1, b"one\n", b"two\n")
        exported(store, target, silent)
        (target / "index.html").write_text("Welcome")
        manifest = publish(2, b"one\n", b"three\n")
        exported(store, target, silent)
        names = [f"pages/{page.sha256}.nq" for page in manifest.pages]
        assert files(target) == sorted(["README.txt", "index.html", "manifest", *names])

    def test_is_nobody_elses(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """A folder with other things in it, or a file, is left alone."""
        publish(1, b"one\n")
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("Dear")
        (tmp_path / "file").write_text("Dear")
        for name in ("mine", "file"):
            with pytest.raises(NotExported, match="something else"):
                exported(store, tmp_path / name, silent)
        assert files(tmp_path / "mine") == ["letter.txt"]

    def test_without_a_snapshot(self, store: Store, tmp_path: Path) -> None:
        """There is nothing to write, and nothing is."""
        with pytest.raises(NotExported, match="no snapshot yet"):
            exported(store, tmp_path / "out", silent)
        assert not (tmp_path / "out").exists()

    def test_goes_on_with_the_next_snapshot(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """A page that is taken back meanwhile isn't exported."""
        first = publish(1, b"one\n", b"two\n")

        def takes_back(done: int, _total: int) -> None:
            if done == 1 and store.current() == 1:
                store.retire(first.pages[1].sha256)
                publish(2, b"one\n")

        manifest = exported(store, tmp_path / "out", takes_back)
        assert manifest.sequence == 2
        assert files(tmp_path / "out") == ["README.txt", "manifest", f"pages/{first.pages[0].sha256}.nq"]

    def test_gives_up_where_nothing_follows(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """The snapshot that is to come isn't there yet."""
        store.retire(publish(1, b"one\n").pages[0].sha256)
        with pytest.raises(NotExported, match="try again"):
            exported(store, tmp_path / "out.zip", silent)
        assert not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*"))


class TestZip:
    def test_has_the_same(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """In one file, which replaces an earlier one alone."""
        manifest, target = publish(1, b"one\n"), tmp_path / "out.zip"
        told: list[tuple[int, int]] = []
        exported(store, target, lambda done, total: told.append((done, total)))
        exported(store, target, silent)
        with zipfile.ZipFile(target) as packed:
            assert sorted(packed.namelist()) == ["README.txt", "manifest", f"pages/{manifest.pages[0].sha256}.nq"]
            assert packed.read("manifest").decode() == store.manifest(1)
        assert told == [(1, 1)]

    def test_replaces_no_other_file(self, store: Store, publish: Publish, tmp_path: Path) -> None:
        """Nor a zip file of other things."""
        publish(1, b"one\n")
        with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
            packed.writestr("a.jpg", b"")
        (tmp_path / "text.zip").write_text("Dear")
        for name in ("photos.zip", "text.zip"):
            with pytest.raises(NotExported, match="something else"):
                exported(store, tmp_path / name, silent)

    def test_where_nothing_can_be_written(self, store: Store, publish: Publish) -> None:
        """In a sentence."""
        publish(1, b"one\n")
        with pytest.raises(NotExported, match="can't be written"):
            exported(store, Path("/proc/nowhere/out.zip"), silent)


class TestReading:
    @pytest.mark.parametrize("name", ["out", "out.zip"])
    def test_finds_what_was_written(self, store: Store, publish: Publish, tmp_path: Path, name: str) -> None:
        """The registry's reader of files takes either form for the feed at its address."""
        manifest, url = publish(1, b"one\n"), "https://kenya.example.org/feed/everyone/manifest"
        exported(store, tmp_path / name, silent)
        with files_at(tmp_path / name, url, Limits()) as files:
            assert files.get(url).body.decode() == store.manifest(1)
            page = f"https://kenya.example.org/feed/everyone/pages/{manifest.pages[0].sha256}.nq"
            assert files.get(page).body == b"one\n"
