"""Two members list one address: the first to publish owns it, and only a person hands it over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import Result

from ckanext.citizendata.federation.screen import NOT_FREE
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.model import ledger, record
from ckanext.citizendata.model import member as members

from .conftest import Report, Server, counts, dataset, listing, tombstone
from .test_commands import command as command
from .test_harvest import JANUARY, MARCH, MAY, outcomes, titles

Command = Callable[..., Result]
Harvest = Callable[..., Report]
Member = Callable[..., str]

SHARED, ALONE = "https://shared.example.net/1", "https://ghana.example.org/1"
KENYA = "<https://kenya.example.org/> a dcat:Catalog .\n"
GHANA = "<https://ghana.example.org/> a dcat:Catalog .\n"


def rows() -> list[tuple[object, ...]]:
    return [tuple(row) for row in record.by_iri(SHARED)]


@pytest.fixture
def both(server: Server, member: Member, harvest: Harvest) -> Server:
    """`kenya` owns the shared address, and `ghana` lists it beside a record of its own."""
    member("kenya", server.turtle("/k.ttl", KENYA + dataset(SHARED, "Water") + listing(SHARED, JANUARY)))
    url = server.turtle("/g.ttl", GHANA + dataset(SHARED, "Evil") + dataset(ALONE, "Lakes"))
    member("ghana", url, prefixes=["https://ghana.example.org/"])
    assert counts(harvest("kenya")) == {"added": 1}
    return server


@pytest.mark.usefixtures("both")
class TestAlsoListed:
    def test_leaves_the_owners_record_untouched(self, harvest: Harvest, app: CKANTestApp, command: Command) -> None:
        """The page says who lists it too, and so does what is told of the owner; running again changes nothing."""
        before = rows()
        report = harvest("ghana")
        assert outcomes(report) == {SHARED: "also_listed", ALONE: "added"}
        item = next(item for item in report.items if item.iri == SHARED)
        assert item.code == "also_listed"
        assert item.reason.startswith("Its address belongs to Kenya, whose description counts; its page here says that")
        assert rows() == before
        assert titles() == ["Lakes", "Water"]
        (row,) = record.by_iri(SHARED)
        assert "Also listed by Ghana." in app.get(f"/dataset/{row.package_id}").body
        assert "Also listed by:   ghana (1)" in command("member", "show", "kenya").output
        assert "1 also_listed, 1 published" in command("member", "show", "ghana").output
        noted = tuple(ledger.by_iri("ghana", SHARED))
        assert counts(harvest("ghana")) == {"also_listed": 1, "unchanged": 1}
        assert tuple(ledger.by_iri("ghana", SHARED)) == noted

    def test_is_said_no_more_when_it_isnt_listed(self, both: Server, harvest: Harvest, app: CKANTestApp) -> None:
        """Or taken back by whoever doesn't own it; the owner's record stays, as does the lister's own."""
        for feed in (GHANA + dataset(ALONE, "Lakes"), GHANA + dataset(ALONE, "Lakes") + tombstone(SHARED, MAY)):
            both.turtle("/g.ttl", GHANA + dataset(SHARED, "Evil") + dataset(ALONE, "Lakes"))
            harvest("ghana")
            both.turtle("/g.ttl", feed)
            before = rows()
            harvest("ghana")
            assert rows() == before
            assert "Also listed by" not in app.get(f"/dataset/{before[0][0]}").body
        assert titles() == ["Lakes", "Water"]

    def test_is_not_told_of_a_catalogue_that_isnt_for_everyone(self, harvest: Harvest, app: CKANTestApp) -> None:
        """That it has such a record is known to its own readers alone."""
        members.write({"id": "ghana", "audience": "national"})
        harvest("ghana")
        assert ledger.by_iri("ghana", SHARED).state == "also_listed"
        assert "Also listed by" not in app.get(f"/dataset/{rows()[0][0]}").body

    def test_where_the_prefix_is_declared_it_is_rejected(self, both: Server, member: Member, harvest: Harvest) -> None:
        """An address that was given to somebody is nobody else's to list; one's own beside it is published."""
        member("owner", "https://owner.example.org/c.ttl", prefixes=["https://declared.example.net/"])
        both.turtle("/g.ttl", GHANA + dataset("https://declared.example.net/1", "Evil") + dataset(ALONE, "Lakes"))
        assert outcomes(harvest("ghana")) == {"https://declared.example.net/1": "rejected", ALONE: "added"}

    def test_once_its_prefix_is_declared_it_is_handed_over(
        self, both: Server, harvest: Harvest, command: Command
    ) -> None:
        """The record keeps its page; whoever came first is told so, and takes nothing back by leaving it out."""
        harvest("ghana")
        package_id = rows()[0][0]
        words = ("--prefix", "https://ghana.example.org/", "--prefix", "https://SHARED.example.net")
        assert command("member", "update", "ghana", *words).exit_code == 0
        assert counts(harvest("ghana")) == {"changed": 1, "unchanged": 1}
        (row,) = record.by_iri(SHARED)
        assert (row.package_id, row.authority) == (package_id, "member:ghana")
        assert call_action("package_show", id=package_id)["organization"]["name"] == "ghana"
        assert sorted(titles()) == ["Evil", "Lakes"]
        assert counts(harvest("kenya")) == {"rejected": 1}
        both.turtle("/k.ttl", KENYA + dataset("https://kenya.example.org/2", "Rivers"))
        harvest("kenya")
        assert sorted(titles()) == ["Evil", "Lakes", "Rivers"]
        both.turtle("/g.ttl", GHANA + dataset(ALONE, "Lakes"))
        assert counts(harvest("ghana")) == {"missing": 1, "unchanged": 1}

    @pytest.mark.usefixtures("both")
    def test_isnt_handed_over_by_what_nobody_said(self) -> None:
        """A catalogue on the same server, whose prefix is but guessed, is told to name what it may speak for."""
        before = rows()
        wish = {"id": "third", "url": "https://shared.example.net/c.ttl"}
        with pytest.raises(tk.ValidationError, match="1 records of other members have addresses that begin with"):
            call_action("citizendata_member_create", **wish)
        assert (members.by_id("third"), rows()) == (None, before)
        call_action("citizendata_member_create", **wish, prefixes=["https://shared.example.net/third/"])
        assert rows() == before

    def test_that_was_withdrawn_stays_so_when_it_is_handed_over(self, both: Server, harvest: Harvest) -> None:
        """Whoever speaks for the address from then on."""
        both.turtle("/k.ttl", KENYA + tombstone(SHARED, MARCH))
        harvest("kenya")
        call_action("citizendata_member_patch", id="ghana", prefixes=["https://shared.example.net/"])
        assert outcomes(harvest("ghana"))[SHARED] == "held"
        assert "Evil" not in titles()


@pytest.mark.usefixtures("both")
class TestUntold:
    def _told(self, harvest: Harvest) -> tuple[str, ...]:
        (item,) = (item for item in harvest("ghana").items if item.iri == SHARED)
        return item.outcome, item.code, item.reason

    def test_of_what_isnt_for_everyone_nothing_is_told(self, both: Server, harvest: Harvest) -> None:
        """A guessed address says neither whose it is nor what became of it; the same of what was never public."""
        (row,) = record.by_iri(SHARED)
        before = {"package_id": row.package_id, "state": row.state, "audience": row.audience}
        found = set()
        for values in (
            {"state": "withdrawn"},
            {"state": "closed"},
            {"audience": "partners"},
            {"state": "deleted", "public_since": None},
        ):
            record.write({**before, **values})
            model.Session.commit()
            found.add(self._told(harvest))
        record.write(before)
        members.write({"id": "kenya", "audience": "national"})
        model.Session.commit()
        found.add(self._told(harvest))
        assert found == {("rejected", "owned", NOT_FREE)}
        both.turtle("/g.ttl", GHANA + tombstone(SHARED, MAY))
        assert self._told(harvest) == ("rejected", "owned", NOT_FREE)


@pytest.mark.usefixtures("both")
class TestOwnerGone:
    def _gone(self, server: Server, harvest: Harvest, kind: str = "deleted") -> None:
        server.turtle("/k.ttl", KENYA + tombstone(SHARED, MARCH, kind))
        assert counts(harvest("kenya")) == {"removed": 1}

    def test_is_taken_over_by_a_persons_decision_alone(self, both: Server, harvest: Harvest, command: Command) -> None:
        """Held with the command; then it keeps its page, and the former owner only lists it."""
        package_id = rows()[0][0]
        harvest("ghana")
        self._gone(both, harvest)
        held = harvest("ghana")
        item = next(item for item in held.items if item.iri == SHARED)
        assert (item.outcome, item.code) == ("held", "owner_gone")
        assert f"ckan citizendata harvest approve ghana {SHARED}" in item.reason
        assert titles() == ["Lakes"]
        assert command("harvest", "approve", "ghana", SHARED).exit_code == 0
        assert counts(harvest("ghana")) == {"added": 1, "unchanged": 1}
        assert sorted(titles()) == ["Evil", "Lakes"]
        (row,) = record.by_iri(SHARED)
        assert (row.package_id, row.authority, row.tombstone) == (package_id, "member:ghana", None)
        assert call_action("package_show", id=package_id)["organization"]["name"] == "ghana"
        both.turtle("/k.ttl", KENYA + dataset(SHARED, "Water") + listing(SHARED, MAY))
        before = rows()
        assert counts(harvest("kenya")) == {"also_listed": 1}
        both.turtle("/k.ttl", KENYA + tombstone(SHARED, "2027-01-01T00:00:00Z"))
        assert counts(harvest("kenya")) == {"rejected": 1}
        assert rows() == before

    def test_that_was_withdrawn_stays_withdrawn(self, both: Server, harvest: Harvest, command: Command) -> None:
        """No other member brings it back, and no person is asked whether it may; its own record is published."""
        self._gone(both, harvest, "withdrawn")
        assert counts(harvest("ghana")) == {"rejected": 1, "added": 1}
        done = command("harvest", "approve", "ghana", SHARED)
        assert done.exit_code == 1
        assert "member:kenya has a record there, withdrawn" in done.output
        assert titles() == ["Lakes"]

    def test_that_was_withdrawn_after_its_removal_stays_so_too(
        self, both: Server, harvest: Harvest, command: Command
    ) -> None:
        """Though its record was taken away before, and somebody was asked by then."""
        self._gone(both, harvest)
        assert outcomes(harvest("ghana"))[SHARED] == "held"
        both.turtle("/k.ttl", KENYA + tombstone(SHARED, MAY))
        harvest("kenya")
        assert ledger.by_iri("kenya", SHARED).state == "withdrawn"
        done = command("harvest", "approve", "ghana", SHARED)
        assert done.exit_code == 1
        assert "was withdrawn by who owned it" in done.output
        assert outcomes(harvest("ghana"))[SHARED] == "rejected"
        assert titles() == ["Lakes"]

    def test_that_was_withdrawn_before_it_returned_stays_so_too(
        self, both: Server, harvest: Harvest, command: Command
    ) -> None:
        """Where nothing is known any more of what its feed said, and its address is given to another member."""
        self._gone(both, harvest)
        assert command("harvest", "approve", "kenya", SHARED).exit_code == 0
        both.turtle("/k.ttl", KENYA + tombstone(SHARED, MAY))
        harvest("kenya")
        entry = ledger.by_iri("kenya", SHARED)
        assert (entry.state, entry.fingerprint) == ("withdrawn", None)
        call_action("citizendata_member_patch", id="ghana", prefixes=["https://shared.example.net/"])
        assert ledger.by_iri("ghana", SHARED).state == "withdrawn"
        assert outcomes(harvest("ghana"))[SHARED] == "held"
        assert "Evil" not in titles()

    def test_may_come_back_before_a_person_decides(self, both: Server, harvest: Harvest, command: Command) -> None:
        """Then the decision is refused, and all is as it was."""
        self._gone(both, harvest)
        harvest("ghana")
        both.turtle("/k.ttl", KENYA + dataset(SHARED, "Water") + listing(SHARED, MAY))
        assert counts(harvest("kenya")) == {"added": 1}
        done = command("harvest", "approve", "ghana", SHARED)
        assert done.exit_code == 1
        assert "of its owner is back; there is nothing to take over" in done.output
        assert counts(harvest("ghana")) == {"also_listed": 1, "unchanged": 1}
        assert titles() == ["Lakes", "Water"]

    def test_one_by_one_is_the_same(
        self, both: Server, harvest: Harvest, command: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where batches can't be used, a record is taken over through CKAN's actions."""
        self._gone(both, harvest)
        harvest("ghana")
        command("harvest", "approve", "ghana", SHARED)
        monkeypatch.setattr("ckanext.citizendata.logic.harvesting.harvest.misfit", lambda: "for this test")
        harvested(member_named("ghana"), lambda _doing, _done, _total: None, datetime.now(timezone.utc))
        (row,) = record.by_iri(SHARED)
        assert (row.authority, row.state) == ("member:ghana", "live")
        assert sorted(titles()) == ["Evil", "Lakes"]


class TestCustody:
    def _hop(self, place: int, site: str) -> str:
        return f'cdata:custody "{place} {site} 2026-01-01T00:00:00Z 5f0c"'

    def _came_through(self, iri: str, *sites: str) -> str:
        hops = " ; ".join(self._hop(place, site) for place, site in enumerate(sites, 1))
        return f"<{iri}#record> a dcat:CatalogRecord ; foaf:primaryTopic <{iri}> ; {hops} .\n"

    def test_is_told_with_this_registry_as_its_end(
        self, server: Server, member: Member, harvest: Harvest, app: CKANTestApp
    ) -> None:
        """Origin, hops, times and fingerprints; of a record that says nothing the member's server is the origin."""
        site = tk.config["ckan.site_url"].rstrip("/")
        own, passed_on = "https://hub.example.org/1", "https://node.example.org/2"
        feed = dataset(own, "Own") + dataset(passed_on, "Passed on")
        feed += self._came_through(passed_on, "https://node.example.org/", "https://hub.example.org/")
        name = member("hub", server.turtle("/h.ttl", "<https://hub.example.org/> a dcat:Catalog .\n" + feed))
        assert counts(harvest(name)) == {"added": 2}
        for iri, before in (
            (own, [f"{server.address}/ "]),
            (passed_on, ["https://node.example.org/ 2026-01-01T00:00:00Z 5f0c", "https://hub.example.org/ 2026"]),
        ):
            (row,) = record.by_iri(iri)
            turtle = app.get(f"/dataset/{row.package_id}.ttl").body
            for place, hop in enumerate([*before, site], 1):
                assert f'"{place} {hop}' in turtle
            assert f'{row.fingerprint}"' in turtle
        server.turtle("/h.ttl", "<https://hub.example.org/> a dcat:Catalog .\n" + dataset(passed_on, "Anew"))
        harvest(name)
        assert (
            "https://hub.example.org/ 2026"
            not in app.get(f"/dataset/{record.by_iri(passed_on)[0].package_id}.ttl").body
        )

    def test_with_this_registry_in_it_is_no_way_back(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Dropped and counted, also under another spelling of its address; the record beside it is published."""
        site = tk.config["ckan.site_url"].rstrip("/")
        iris = [f"https://hub.example.org/{each}" for each in range(3)]
        feed = "".join(dataset(iri, f"Title {iri[-1]}") for iri in iris)
        feed += self._came_through(iris[0], "https://node.example.org/", site)
        feed += self._came_through(iris[1], f"{site.upper()}/", "https://hub.example.org/")
        name = member("hub", server.turtle("/h.ttl", "<https://hub.example.org/> a dcat:Catalog .\n" + feed))
        for outcome in ("added", "unchanged"):
            assert counts(harvest(name)) == {"looped": 2, outcome: 1}
        assert titles() == ["Title 2"]
        assert ledger.states(name) == {"published": 1}
