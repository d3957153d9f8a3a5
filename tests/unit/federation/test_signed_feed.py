"""What is believed of a signed feed, and what is read of it: beside what was known, from files as from a server."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.errors import DecisionWanted, SourceChanged, SourceMalformed
from ckanext.citizendata.federation.feed_state import FeedState
from ckanext.citizendata.federation.files import files_at
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import CITIZENDATA, Holder, Member, in_silence
from ckanext.citizendata.federation.preparing import Preparer
from ckanext.citizendata.federation.sources.signed_feed import SignedFeed as Source
from tests.generation.signed_feed import SignedFeed, record, tombstone, written

from .test_plan import EmptyLedger

URL = "https://node.example.org/feed/everyone/manifest"
KENYA = Member("kenya", "Kenya", URL, "everyone", kind=CITIZENDATA)
A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
LIMITS = Limits(pages=10, pause=0)
DATASET = "#type> <http://www.w3.org/ns/dcat#Dataset>"


class States:
    """What is known of one feed."""

    def __init__(self) -> None:
        self.known: FeedState | None = None

    def of(self, member_id: str) -> FeedState | None:  # noqa: ARG002
        return self.known

    def accept(self, member_id: str, state: FeedState) -> None:  # noqa: ARG002
        self.known = state

    def wait(self, member_id: str, x: str, epoch: int) -> None:
        """Nothing is kept."""


class Reader:
    """Reads a feed again and again, from a folder, and remembers what it read."""

    def __init__(self, folder: Path, parser: Parser) -> None:
        self.folder, self.parser, self.states = folder, parser, States()
        self.days = 0

    def read(self, feed: SignedFeed, **other: bytes) -> list[Page]:
        """The pages of a feed, some of its files others than it has (`manifest`)."""
        written({**feed.files(), **other}, self.folder)
        return self.read_files(self.folder)

    def read_files(self, path: Path, limits: Limits = LIMITS) -> list[Page]:
        source = Source(self.states, lambda: datetime.now(timezone.utc) + timedelta(days=self.days))
        with files_at(path, URL, limits) as files:
            pages = [*source.pages(files, self.parser, KENYA)]
        assert pages[0].snapshot
        self.states.known = pages[0].snapshot.state
        return pages

    def refused(self, feed: SignedFeed, **other: bytes) -> SourceMalformed:
        """Why a feed isn't believed; what is known stays."""
        before = self.states.known
        with pytest.raises(SourceMalformed) as caught:
            self.read(feed, **other)
        assert self.states.known == before
        return caught.value


class Nobodys:
    """A registry in which nobody owns an address."""

    def holders(self, member: Member, iris: Collection[str]) -> Mapping[str, Holder]:  # noqa: ARG002
        return {}


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(LIMITS) as running:
        yield running


@pytest.fixture
def reader(tmp_path: Path, parser: Parser) -> Reader:
    return Reader(tmp_path / "feed", parser)


@pytest.fixture
def feed() -> SignedFeed:
    return SignedFeed([record(A, "Water"), record(B, "Rivers")], [record(C, "Wells")])


def datasets(pages: list[Page]) -> int:
    return sum(page.text.count(DATASET) for page in pages)


class TestReading:
    def test_is_whole_at_first(self, reader: Reader, feed: SignedFeed) -> None:
        """The head says what the feed is and how much it has; each page has its hash and leads to the next."""
        head, first, second = reader.read(feed)
        assert head.snapshot
        assert (head.snapshot.is_whole, head.snapshot.is_new) == (True, True)
        assert '"3"^^' in head.text
        assert [page.sha256 for page in (first, second)] == list(head.snapshot.state.pages)
        assert (first.text.count("hydra/core#next>"), second.text.count("hydra/core#next>")) == (1, 0)
        assert datasets([first, second]) == 3

    def test_is_nothing_where_nothing_is_new(self, reader: Reader, feed: SignedFeed) -> None:
        """And then says nothing of how much there is, so that nothing is missing."""
        reader.read(feed)
        (head,) = reader.read(feed)
        assert head.snapshot
        assert (head.snapshot.is_whole, head.snapshot.is_new) == (False, False)
        assert "totalItems" not in head.text

    def test_is_of_pages_that_changed(self, reader: Reader, feed: SignedFeed) -> None:
        """The other ones may be away."""
        reader.read(feed)
        old = feed.bodies()[0]
        feed.lists(feed.pages[0], [tombstone(C)])
        (unread, _) = feed.manifest().pages
        files = {name: body for name, body in feed.files().items() if unread.sha256 not in name}
        assert old not in files.values()
        (reader.folder / "pages" / f"{unread.sha256}.nq").unlink()
        written(files, reader.folder)
        head, page = reader.read_files(reader.folder)
        assert head.snapshot
        assert (head.snapshot.is_whole, head.snapshot.is_new, len(head.snapshot.state.pages)) == (False, True, 2)
        assert (datasets([page]), page.text.count("tombstone/deleted")) == (0, 1)

    def test_is_whole_once_a_week_and_when_asked(self, reader: Reader, feed: SignedFeed) -> None:
        """So that what went wrong unseen is mended."""
        feed.lasts = timedelta(days=30)
        reader.read(feed)
        reader.days = 6
        assert datasets(reader.read(feed)) == 0
        reader.days = 7
        assert datasets(reader.read(feed)) == 3
        assert reader.states.known
        reader.states.known = replace(reader.states.known, wanted=datetime.now(timezone.utc))
        assert datasets(reader.read(feed)) == 3

    def test_begins_anew_where_a_page_was_taken_back(self, reader: Reader, feed: SignedFeed) -> None:
        """By whoever reads; a page that is away is no absence."""
        written(feed.files(), reader.folder)
        (reader.folder / "pages" / f"{feed.manifest().pages[1].sha256}.nq").unlink()
        with pytest.raises(SourceChanged, match="was taken back while the feed was read"):
            reader.read_files(reader.folder)

    def test_gives_up_where_a_page_stays_away(self, reader: Reader, feed: SignedFeed) -> None:
        """After three more tries, with what to do."""
        written(feed.files(), reader.folder)
        (reader.folder / "pages" / f"{feed.manifest().pages[1].sha256}.nq").unlink()
        tried: list[str] = []
        source = Source(reader.states)

        def read(getter: Getter, parser: Parser, member: Member) -> Iterator[Page]:
            tried.append(member.id)
            return source.pages(getter, parser, member)

        with files_at(reader.folder, URL, LIMITS) as files, pytest.raises(SourceChanged) as caught:
            preparer = Preparer(files, {CITIZENDATA: read}, EmptyLedger(), Nobodys(), "https://r.example.org/", partial)
            with preparer.prepared(KENYA, datetime.now(timezone.utc), in_silence):
                pass
        assert len(tried) == 4
        assert caught.value.outcome == "failed(changing)"

    def test_of_a_feed_without_records(self, reader: Reader) -> None:
        """A page without a byte isn't fetched."""
        (head,) = reader.read(SignedFeed([]))
        assert '"0"^^' in head.text


class TestRefusals:
    def test_of_a_signature(self, reader: Reader, feed: SignedFeed) -> None:
        """A flipped byte, and another's signature below the same keys; with the healthy one read in between."""
        signed = feed.signed()
        at = signed.index(b".") + 40
        flipped = signed[:at] + (b"A" if signed[at : at + 1] != b"A" else b"B") + signed[at + 1 :]
        reader.read(feed)
        assert reader.refused(feed.lists(*feed.pages), manifest=flipped).code == "signature"
        other = Signer.new().signed(feed.manifest().payload(), "citizendata-manifest+json").encode()
        assert reader.refused(feed, manifest=other).code == "signature"
        assert reader.refused(feed, manifest="not Latin: ™".encode()).code == "signature"
        assert reader.refused(feed, manifest=b"no signed text").code == "signature"
        assert datasets(reader.read(feed)) == 0

    def test_of_another_type(self, reader: Reader, feed: SignedFeed) -> None:
        """What is signed as something else is no list of pages."""
        other = feed.signer.signed(feed.manifest().payload(), "x").encode()
        assert reader.refused(feed, manifest=other).code == "signature"

    def test_of_what_is_older(self, reader: Reader, feed: SignedFeed) -> None:
        """A lower number or count, and another text under one number."""
        feed.sequence, feed.epoch = 5, 3
        reader.read(feed)
        feed.sequence = 4
        assert reader.refused(feed).code == "rollback"
        feed.sequence, feed.epoch = 500, 2
        assert reader.refused(feed).code == "rollback"
        feed.sequence, feed.epoch = 5, 3
        feed.created += timedelta(seconds=1)
        assert "two different things under one number" in str(reader.refused(feed))
        feed.sequence = 6
        reader.read(feed)

    def test_of_a_new_count_till_a_person_agrees(self, reader: Reader, feed: SignedFeed) -> None:
        """Then all of it is read, whatever its number."""
        feed.sequence = 50
        reader.read(feed)
        feed.epoch, feed.sequence = 2, 1
        refused = reader.refused(feed)
        assert isinstance(refused, DecisionWanted)
        assert (refused.code, refused.epoch, refused.x) == ("epoch", 2, "")
        assert reader.states.known
        reader.states.known = replace(reader.states.known, approved_epoch=2)
        assert datasets(reader.read(feed)) == 3

    def test_of_another_time(self, reader: Reader, feed: SignedFeed) -> None:
        """Past its end, and dated more than a day ahead; half a day is another clock."""
        reader.days = 7
        assert reader.refused(feed).code == "expired"
        reader.days = -2
        assert "see whose clock is wrong" in str(reader.refused(feed))
        reader.days = 0
        feed.created += timedelta(hours=12)
        reader.read(feed)

    def test_of_another_catalogue(self, reader: Reader, feed: SignedFeed) -> None:
        """And of another audience; both signed by the same key."""
        reader.read(feed)
        feed.sequence, feed.catalogue = 2, "https://other.example.org/"
        assert reader.refused(feed).code == "other_catalogue"
        feed.catalogue, feed.audience = SignedFeed().catalogue, "collaborative"
        assert reader.refused(feed).code == "other_catalogue"
        feed.audience, feed.catalogue = "everyone", "javascript:alert(1)"
        assert reader.refused(feed).code == "misstated"

    def test_of_mixed_pages(self, reader: Reader, feed: SignedFeed) -> None:
        """A page of another day under the name of this one's, of the same size and of another."""
        before = feed.bodies()[0]
        name = f"pages/{feed.manifest().pages[0].sha256}.nq"
        assert reader.refused(feed, **{name: before.replace(b"Water", b"Later")}).code == "hash"
        assert reader.refused(feed, **{name: before + b"\n"}).code == "hash"
        assert datasets(reader.read(feed)) == 3

    def test_of_mistakes(self, reader: Reader, feed: SignedFeed) -> None:
        """With field and value; of nonsense that the known key didn't sign its signature is told."""
        wrong = feed.manifest().payload().replace(b'"epoch":1', b'"epoch":"one"')
        signed = feed.signer.signed(wrong, "citizendata-manifest+json").encode()
        refused = reader.refused(feed, manifest=signed)
        assert refused.code == "misstated"
        assert "epoch is 'one'" in str(refused)
        reader.read(feed)
        deep = b"[" * 50_000 + b"]" * 50_000
        assert reader.refused(feed, manifest=feed.signer.signed(deep, "citizendata-manifest+json").encode()).code == (
            "misstated"
        )
        assert reader.refused(feed, manifest=Signer.new().signed(deep, "x").encode()).code == "signature"

    def test_of_too_much(self, reader: Reader, feed: SignedFeed) -> None:
        """Too many pages, and pages too large; before any is fetched."""
        feed.lists(*([record(f"{A}{number}", "Water")] for number in range(11)))
        assert reader.refused(feed).code == "pagination"
        manifest = feed.lists([record(A, "Water")]).manifest()
        large = feed.signed(replace(manifest, pages=(replace(manifest.pages[0], size=33 * 1024**2),)))
        assert reader.refused(feed, manifest=large).code == "too_large"


class TestKeys:
    def test_follow_each_other(self, reader: Reader, feed: SignedFeed) -> None:
        """By proofs, also where the registry missed one."""
        reader.read(feed)
        feed.rotate()
        feed.rotate()
        reader.read(feed)
        assert reader.states.known
        assert reader.states.known.key == feed.signer.public.x

    def test_without_a_proof_wait_for_a_person(self, reader: Reader, feed: SignedFeed) -> None:
        """And so do those with a proof of somebody else's."""
        reader.read(feed)
        thief = SignedFeed(*feed.pages)
        thief.rotate()
        thief.keys = (*feed.keys, thief.keys[-1])
        assert isinstance(reader.refused(thief), DecisionWanted)
        feed.replace_key()
        refused = reader.refused(feed)
        assert isinstance(refused, DecisionWanted)
        assert (refused.code, refused.x, refused.epoch) == ("key_changed", feed.signer.public.x, 0)
        assert feed.signer.public.kid in str(refused)

    def test_that_were_stolen_are_nobodys(self, reader: Reader, feed: SignedFeed) -> None:
        """What they sign waits for no person any more."""
        reader.read(feed)
        stolen = SignedFeed(*feed.pages)
        stolen.signer, stolen.keys, stolen.sequence = feed.signer, feed.keys, 9
        feed.replace_key()
        assert reader.states.known
        distrusted = frozenset({reader.states.known.key})
        reader.states.known = replace(reader.states.known, key=feed.signer.public.x, distrusted=distrusted)
        refused = reader.refused(stolen)
        assert (refused.code, isinstance(refused, DecisionWanted)) == ("signature", False)
        reader.read(feed)


class TestFiles:
    @pytest.mark.parametrize("inside", ["", "export/everyone/"])
    def test_come_in_a_zip(self, reader: Reader, feed: SignedFeed, tmp_path: Path, inside: str) -> None:
        """In it, or in a folder in it; nothing is unpacked onto the disk."""
        with zipped(tmp_path / "a.zip") as packed:
            for name, content in feed.files().items():
                packed.writestr(inside + name, content)
        assert datasets(reader.read_files(tmp_path / "a.zip")) == 3
        assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]

    def test_that_unpack_too_far_are_refused(self, reader: Reader, feed: SignedFeed, tmp_path: Path) -> None:
        """A page of zeros."""
        bomb = b"\0" * 30 * 1024**2
        page = replace(feed.manifest().pages[0], size=len(bomb))
        manifest = feed.signed(replace(feed.manifest(), pages=(page,)))
        with zipped(tmp_path / "a.zip") as packed:
            packed.writestr("manifest", manifest)
            packed.writestr(f"pages/{page.sha256}.nq", bomb)
        with pytest.raises(SourceMalformed, match="unpacks to more than") as caught:
            reader.read_files(tmp_path / "a.zip")
        assert caught.value.code == "too_large"

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda packed: packed.writestr("../manifest", b"x"), "no file with the name manifest"),
            (lambda packed: packed.writestr("/manifest", b"x"), "no file with the name manifest"),
            (lambda packed: [packed.writestr(f"{name}/manifest", b"x") for name in "ab"], "2 files with the name"),
        ],
    )
    def test_of_other_shapes_are_refused(
        self, reader: Reader, tmp_path: Path, make: Callable[[zipfile.ZipFile], object], words: str
    ) -> None:
        """What leaves the zip, and what there is twice."""
        with zipped(tmp_path / "a.zip") as packed:
            make(packed)
        with pytest.raises(SourceMalformed, match=words):
            reader.read_files(tmp_path / "a.zip")

    def test_that_lead_out_are_not_there(self, reader: Reader, feed: SignedFeed, tmp_path: Path) -> None:
        """Whatever lies at the end of a link."""
        files = feed.files()
        written({"manifest": files.pop("manifest")}, reader.folder)
        written(files, tmp_path / "elsewhere")
        (reader.folder / "pages").symlink_to(tmp_path / "elsewhere" / "pages")
        with pytest.raises(SourceChanged):
            reader.read_files(reader.folder)

    def test_that_are_no_zip(self, reader: Reader, tmp_path: Path) -> None:
        """With a sentence."""
        (tmp_path / "a.zip").write_bytes(b"nonsense")
        with pytest.raises(SourceMalformed, match="neither a folder nor a zip"):
            reader.read_files(tmp_path / "a.zip")


@contextmanager
def zipped(path: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        yield packed
