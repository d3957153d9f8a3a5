"""The files of a feed."""

from __future__ import annotations

import gzip
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from ckanext.citizendata.feeds.store import Store, StoreFull

PAGE = b"<https://a.example/1> <https://a.example/says> <https://a.example/2> <https://a.example/record/1> .\n"
NAME = sha256(PAGE).hexdigest()
NOBODY = "f" * 64
PATHS = ("../../../etc/passwd", "", NAME.upper(), NAME[:-1], f"{NAME}/..", f"{NAME}\n", "." * 64)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.of(tmp_path, "everyone")


@contextmanager
def a_disk_of(octets: int) -> Iterator[None]:
    """No file of this process may be larger, which the system tells as it tells of a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestPages:
    def test_name(self, store: Store) -> None:
        """A page goes by the hash of its bytes, and is there plain and packed."""
        assert store.put_page(PAGE) == NAME
        path, packed = store.page(NAME), store.packed_page(NAME)
        assert path and path.read_bytes() == PAGE
        assert packed and gzip.decompress(packed.read_bytes()) == PAGE

    def test_unknown(self, store: Store) -> None:
        """What never was a page isn't there, and isn't gone either."""
        assert store.page(NOBODY) is None
        assert not store.is_gone(NOBODY)

    @pytest.mark.parametrize("name", PATHS)
    def test_no_paths(self, store: Store, name: str) -> None:
        """What isn't 64 hex digits leads nowhere, and nothing can be taken back under such a name."""
        store.put_page(PAGE)
        assert store.page(name) is None
        assert store.packed_page(name) is None
        assert store.taken(name) is None
        assert not store.is_gone(name)
        with pytest.raises(ValueError, match="no hash of a page"):
            store.retire(name)

    @pytest.mark.parametrize("feed", ["..", "", "partner:", "partner:../x", "everyone/../key", "Everyone"])
    def test_no_feeds(self, tmp_path: Path, feed: str) -> None:
        """What isn't the name of a feed has no folder."""
        with pytest.raises(ValueError, match="no name of a feed"):
            Store.of(tmp_path, feed)

    def test_modes(self, tmp_path: Path) -> None:
        """A feed that isn't for everyone is nobody's on this machine but the site's."""
        Store.of(tmp_path, "partner:unsd").put_page(PAGE)
        assert (tmp_path / "partner:unsd").stat().st_mode & 0o077 == 0


class TestRetire:
    def test_gone(self, store: Store) -> None:
        """Page, packed page and all that was made of it go; the name is remembered as one that is gone."""
        store.put_page(PAGE)
        store.put_beside(NAME, f"faces/{NAME}.ttl", b"face")

        store.retire(NAME)

        assert store.page(NAME) is None
        assert store.packed_page(NAME) is None
        assert store.is_gone(NAME)
        left = [path.parent.name for path in store.folder.rglob("*") if path.is_file()]
        assert sorted(left) == ["gone", "taken"]

    def test_taken(self, store: Store) -> None:
        """The next cut still reads what it said, nobody else on this machine; then it is forgotten."""
        store.put_page(PAGE)
        store.retire(NAME)
        path = store.taken(NAME)
        assert path and path.read_bytes() == PAGE
        assert path.parent.stat().st_mode & 0o077 == 0

        store.forget_taken(before=path.stat().st_ctime + 1)
        assert store.taken(NAME) is None

    def test_without_room_for_a_mark(self, store: Store) -> None:
        """On a full disk pages go all the same, all of them; only their marks are missing."""
        names = [store.put_page(content) for content in (PAGE, PAGE + PAGE)]
        store.put_beside(names[1], f"faces/{names[1]}.ttl", b"")
        (store.folder / "gone").write_bytes(b"no folder can be made here")
        with pytest.raises(OSError):  # noqa: PT011 - what the system says
            store.retire_all(names)
        assert [store.page(name) for name in names] == [None, None]
        assert [*store.folder.glob("faces/*")] == []

    def test_again(self, store: Store) -> None:
        """A page that says the same again is there again once it is given back, and not before."""
        store.put_page(PAGE)
        store.retire(NAME)
        store.put_page(PAGE)
        assert store.page(NAME) is None
        store.give_back([])
        assert store.page(NAME) is None
        store.give_back([NAME])
        assert store.page(NAME)
        assert not store.is_gone(NAME)

    def test_beside(self, store: Store) -> None:
        """Nothing is kept of what was made while its page was taken back."""
        store.put_page(PAGE)
        store.retire(NAME)
        assert store.put_beside(NAME, f"faces/{NAME}.ttl", b"late") is None
        assert store.beside(NAME, f"faces/{NAME}.ttl") is None
        assert [*store.folder.glob("faces/*")] == []

    @pytest.mark.parametrize("place", ["faces/x.ttl", f"faces/{NAME}./../../x", f"dumps/{NAME}.ttl", f"../{NAME}.x"])
    def test_no_other_place(self, store: Store, place: str) -> None:
        """What is made of a page stands where it is found again, and nowhere else."""
        with pytest.raises(ValueError, match="no place"):
            store.put_beside(NAME, place, b"")


class TestSnapshots:
    def test_current(self, store: Store) -> None:
        """None before the first; then the one that was made current, with its manifest and head."""
        assert store.current() is None
        store.put_manifest(41, "text")
        store.put_head(41, b"{}")
        store.make_current(41)
        assert (store.current(), store.manifest(41), store.head(41)) == (41, "text", b"{}")
        assert store.manifest(42) is None

    def test_damaged(self, store: Store) -> None:
        """A file that tells no number tells of no snapshot."""
        store.make_current(1)
        (store.folder / "current").write_text("\x00\x00")
        assert store.current() is None

    def test_prune(self, store: Store) -> None:
        """Pages that nobody keeps go as gone ones; snapshots, when the next one is old enough; the last one stays."""
        store.put_page(PAGE)
        kept = store.put_page(b"")
        for sequence in (1, 2, 3):
            store.put_manifest(sequence, "text")
            store.put_head(sequence, b"{}")
        os.utime(store.folder / "manifests" / "2.jws", (1000, 1000))

        store.prune({kept}, before=2000)

        assert store.is_gone(NAME)
        assert store.page(kept)
        assert [store.manifest(each) for each in (1, 2, 3)] == [None, "text", "text"]
        assert store.head(1) is None

    def test_left_behind(self, store: Store) -> None:
        """What a killed process was writing goes when it is old, and not before."""
        store.put_page(PAGE)
        old, new = (store.folder / "pages" / f".{name}.part" for name in ("old", "new"))
        for path in (old, new):
            path.touch()
        os.utime(old, (1000, 1000))
        store.prune({NAME}, before=0)
        assert (old.exists(), new.exists()) == (False, True)

    def test_dumps(self, store: Store) -> None:
        """All dumps go at once."""
        (store.folder / "dumps").mkdir(parents=True)
        (store.folder / "dumps" / "7.nt.gz").touch()
        store.drop_dumps()
        assert [*store.folder.glob("dumps/*")] == []


class TestFullDisk:
    def test_page(self, store: Store) -> None:
        """The sentence names the file; what was there is served as before, and no half file stays."""
        store.put_page(PAGE)
        store.put_manifest(1, "text")
        store.make_current(1)
        large = os.urandom(100_000)
        with a_disk_of(50_000), pytest.raises(StoreFull, match=r"no room for .*pages"):
            store.put_page(large)
        assert store.page(sha256(large).hexdigest()) is None
        assert store.page(NAME)
        assert store.current() == 1
        assert [*store.folder.rglob("*.part")] == []

    def test_current(self, store: Store) -> None:
        """Where not even the number can be written, the old one stays."""
        store.make_current(1)
        with a_disk_of(0), pytest.raises(StoreFull):
            store.make_current(2)
        assert store.current() == 1

    def test_retire(self, store: Store) -> None:
        """A page is taken back also where there is no room to remember it."""
        store.put_page(PAGE)
        with a_disk_of(0):
            store.retire(NAME)
        assert store.page(NAME) is None
