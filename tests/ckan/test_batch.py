"""Batches on bad days: one record that can't be written, one that a person withdrew, readers who may see less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import PUBLISHED, Answer, Entry, Member, Publication, Publisher, RecordRefused
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.publishing.batch import BatchPublisher, Index
from ckanext.citizendata.logic.publishing.documents import Document
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.model import change, dirty, ledger, unindexed
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

from .two_publishers import by_batches, record

BASE = "https://node.example.org/dataset"


@dataclass
class Told:
    """An index that notes what it is told, and what other transactions see of each package by then."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    private_by_then: list[bool] = field(default_factory=list)
    is_lost: bool = False

    def show(self, documents: Sequence[Document]) -> None:
        self.shown += [each["id"] for each in documents]

    def hide(self, documents: Sequence[Document]) -> None:
        self.hidden += [each["id"] for each in documents]
        with model.ensure_engine().connect() as apart:
            query = sa.select(model.package_table.c.private).where(model.package_table.c.id.in_(self.hidden))
            self.private_by_then += apart.execute(query).scalars()
        if self.is_lost:
            raise RegistryUnavailable("the search engine of this registry doesn't answer")

    def settle(self) -> Sequence[str]:
        return ()


@pytest.fixture
def member(site: None) -> Member:  # noqa: ARG001
    """A member whose records are for everyone."""
    call_action("citizendata_member_create", id="kenya", url="https://node.example.org/c.ttl", title="Kenya")
    return member_named("kenya")


@pytest.fixture
def index() -> Iterator[Told]:
    yield Told()


def water(name: str, title: str = "Water points") -> Received:
    return record(f"{BASE}/{name}", {"title_translated": {"en": title}})


def publication(each: Received) -> Publication:
    return Publication(each, Entry(each.iri, PUBLISHED, fingerprint=each.fingerprint))


def published(index: Index, member: Member, batch: Sequence[Publication]) -> Sequence[Answer]:
    return BatchPublisher(index, partial).begin(member, batch)()


def titles() -> list[str]:
    found = call_action("package_search", include_private=True)["results"]
    return sorted(each["title"] for each in found)


class TestRefused:
    def test_costs_the_others_nothing(self, member: Member, index: Told) -> None:
        """A record with a NUL, one whose name somebody took, and one that PostgreSQL can't keep."""
        good = [water(f"good-{number}", f"Good {number}") for number in range(5)]
        nul = replace(water("nul"), fragment=water("nul").fragment.replace("Water", "Wa\\u0000ter"))
        half = replace(water("half"), fingerprint="\ud800")
        answers = published(index, member, [publication(each) for each in (*good[:3], half, nul, *good[3:])])
        refused = [isinstance(each, RecordRefused) for each in answers]
        assert refused == [False] * 3 + [True] * 2 + [False] * 2
        assert "NUL" in str(answers[4])
        assert sorted(model.Session.scalars(sa.select(records.Record.iri))) == sorted(each.iri for each in good)
        assert len(index.shown) == 5
        assert ledger.by_iri(member.id, half.iri) is None

    def test_a_name_that_somebody_took(self, member: Member, index: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        """The others of its batch are there, and the report says what the database said."""
        monkeypatch.setattr(
            "ckanext.citizendata.logic.publishing.drafts.name_for",
            lambda _member, iri, _titles: "taken" if iri.endswith("second") else iri.rsplit("/", 1)[1],
        )
        factories.Dataset(name="taken", type="showcase", owner_org=member.organization_id)
        batch = [publication(water(name)) for name in ("first", "second", "third")]
        first, second, third = published(index, member, batch)
        assert not isinstance(first, RecordRefused)
        assert not isinstance(third, RecordRefused)
        assert "duplicate key" in str(second)
        assert model.Package.get("first") is not None

    def test_what_a_person_withdrew_meanwhile(self, member: Member, index: Told) -> None:
        """It stays hidden, as the ledger says."""
        by_batches(member, [water("a"), water("b")])
        call_action("citizendata_record_withdraw", id=derived_id(member.id, f"{BASE}/a"))
        now = [publication(water(name, "Changed")) for name in ("a", "b")]
        withdrawn, other = published(index, member, now)
        assert "withdrawn while this harvest" in str(withdrawn)
        assert not isinstance(other, RecordRefused)
        assert ledger.by_iri(member.id, f"{BASE}/a").state == "withdrawn"


@pytest.mark.parametrize("publisher", [BatchPublisher(Told(), partial), ActionPublisher()], ids=["batch", "actions"])
class TestGivenAway:
    """A record that another member speaks for since the run judged it."""

    @pytest.fixture
    def package_id(self, member: Member) -> str:
        by_batches(member, [water("a")])
        package_id = derived_id(member.id, f"{BASE}/a")
        records.hand_over([package_id], "member:ghana")
        ledger.leave_package(package_id)
        model.Session.commit()
        return package_id

    def test_isnt_published_beside_it(self, member: Member, publisher: Publisher, package_id: str) -> None:
        """Whether the run knew the package or not; what stands beside it is."""
        for known in (package_id, None):
            again = publication(water("a", "Twice"))
            batch = [replace(again, after=replace(again.after, package_id=known)), publication(water("b"))]
            first, second = publisher.begin(member, batch)()
            assert "given to another catalogue" in str(first)
            assert not isinstance(second, RecordRefused)
        (row,) = records.by_iri(f"{BASE}/a")
        assert (row.authority, row.state) == ("member:ghana", "live")

    def test_isnt_removed(self, member: Member, publisher: Publisher, package_id: str) -> None:
        """By no tombstone that the former one read before."""
        after = Entry(f"{BASE}/a", "withdrawn", "why", package_id, "old")
        with pytest.raises(RecordRefused, match="given to another catalogue"):
            publisher.remove(member, "withdrawn", after)
        assert records.by_package(package_id).state == "live"
        assert titles() == ["Water points"]


class TestReaders:
    def test_what_becomes_less_public_is_hidden_before_the_commit(self, member: Member, index: Told) -> None:
        """And shown by nothing afterwards; others see the database as it was by then."""
        by_batches(member, [water("a")])
        members.write({"id": member.id, "audience": "national"})
        model.Session.commit()
        published(index, replace(member, audience="national"), [publication(water("a", "Changed"))])
        package_id = derived_id(member.id, f"{BASE}/a")
        assert (index.hidden, index.private_by_then, index.shown) == ([package_id], [False], [])
        assert records.by_package(package_id).audience == "national"
        assert [each.operation for each in change.of_package(package_id)] == ["create", "lower"]
        assert model.Session.get(model.Package, package_id, populate_existing=True).private

    def test_nothing_is_written_where_it_can_t_be_hidden(self, member: Member, index: Told) -> None:
        """The package waits to be indexed again, since the index may have hidden it by then."""
        by_batches(member, [water("a")])
        members.write({"id": member.id, "audience": "national"})
        model.Session.commit()
        index.is_lost = True
        with pytest.raises(RegistryUnavailable):
            published(index, replace(member, audience="national"), [publication(water("a", "Changed"))])
        package_id = derived_id(member.id, f"{BASE}/a")
        assert records.by_package(package_id).audience == "everyone"
        assert unindexed.oldest(9) == [package_id]

    def test_what_stays_as_public_is_shown_after_the_commit(self, member: Member, index: Told) -> None:
        """It waits to be indexed until the index has it."""
        by_batches(member, [water("a")])
        published(index, member, [publication(water("a", "Changed"))])
        package_id = derived_id(member.id, f"{BASE}/a")
        assert (index.hidden, index.shown, unindexed.oldest(9)) == ([], [package_id], [package_id])


class TestBesideOthers:
    def test_a_dataset_in_a_group_is_found_by_it(self, member: Member) -> None:
        """CKAN itself indexes what has more than a feed gives."""
        by_batches(member, [water("a"), water("b")])
        group = factories.Group()
        call_action(
            "member_create",
            id=group["id"],
            object=derived_id(member.id, f"{BASE}/a"),
            object_type="package",
            capacity="public",
        )
        by_batches(member, [water("a", "Changed"), water("b", "Changed too")])
        assert call_action("package_search", fq=f"groups:{group['name']}")["results"][0]["title"] == "Changed"
        assert titles() == ["Changed", "Changed too"]

    def test_an_id_that_somebody_took(self, member: Member) -> None:
        """Somebody here may know how ids are made; the record gets another one."""
        taken = derived_id(member.id, f"{BASE}/a")
        factories.Dataset(id=taken, type="showcase", owner_org=member.organization_id)
        by_batches(member, [water("a")])
        assert ledger.by_iri(member.id, f"{BASE}/a").package_id != taken
        assert "Water points" in titles()

    def test_what_waited_to_be_rendered_waits_no_more(self, member: Member) -> None:
        """The batch wrote the record anew."""
        by_batches(member, [water("a")])
        package_id = derived_id(member.id, f"{BASE}/a")
        dirty.mark([package_id], dirty.EDITED)
        model.Session.commit()
        by_batches(member, [water("a", "Changed")])
        assert dirty.reason_of(package_id) is None
        assert call_action("package_search")["count"] == 1

    def test_a_purged_package_comes_back(self, member: Member) -> None:
        """Its record stayed, as a tombstone."""
        by_batches(member, [water("a")])
        package_id = derived_id(member.id, f"{BASE}/a")
        records.write({"package_id": package_id, "state": "deleted"})
        for table in ("resource", "member", "package"):
            key = {"resource": "package_id", "member": "table_id"}.get(table, "id")
            model.Session.execute(sa.text(f"DELETE FROM {table} WHERE {key} = :id"), {"id": package_id})
        model.Session.commit()
        by_batches(member, [water("a", "Changed")])
        assert titles() == ["Changed"]
        assert [each.operation for each in change.of_package(package_id)] == ["create", "restore"]
