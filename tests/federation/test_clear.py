"""All records of a member leave at once, and leave behind what one removal after the other does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.federation.errors import RunStopped
from ckanext.citizendata.federation.ports import STANDING, Member
from ckanext.citizendata.logic.finding.reconcile import drain
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.members import emptying
from ckanext.citizendata.logic.members.emptying import Take, at_once, one_by_one
from ckanext.citizendata.logic.publishing.fits import removal_misfit
from ckanext.citizendata.logic.publishing.leases import leased
from ckanext.citizendata.model import ledger, record, unindexed
from ckanext.citizendata.model import member as members

from .conftest import INDIGENOUS, Kenya, Report, Server, dataset, feed, iris, state, tombstone
from .test_harvest import MAY, A, outcomes, titles
from .test_meanwhile import withdraw

Command = Callable[..., Result]
AddMember = Callable[..., str]
Harvest = Callable[..., Report]
AFTER = {"state": "removed", "reason": "For a test", "gone_since": None}
FOUND = "title,state,capacity,organization"
NAMES = ("kept", "changed", "missing", "forest", "withdrawn", "taken-back", "in-group")
UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH = re.compile(r"\b[0-9a-f]{8,}\b")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)?")
TABLES = {
    "package": "SELECT to_jsonb(p) FROM package p JOIN citizendata_record r ON r.package_id = p.id",
    "membership": "SELECT to_jsonb(m) FROM member m JOIN citizendata_record r ON r.package_id = m.table_id",
    "coworker": "SELECT to_jsonb(m) FROM package_member m JOIN citizendata_record r USING (package_id)",
    "record": "SELECT to_jsonb(r) FROM citizendata_record r",
    "change": "SELECT to_jsonb(c) - 'sequence' - 'txid' FROM citizendata_change c"
    " JOIN citizendata_record r USING (package_id)",
    "ledger": "SELECT to_jsonb(l) FROM citizendata_ledger l JOIN citizendata_record r USING (package_id)",
    "dirty": "SELECT to_jsonb(d) FROM citizendata_dirty d JOIN citizendata_record r USING (package_id)",
}


def in_silence(_doing: str, _done: int, _total: int | None) -> None:
    """No terminal to tell it to."""


def no_limit() -> None:
    """The lease of a test never ends."""


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words, **options: CliRunner().invoke(citizendata, words, **options)


@pytest.fixture
def many_states(server: Server, member: AddMember, harvest: Harvest) -> Callable[[str], Member]:
    """A member with a record in each state that one can be in."""

    def make(name: str) -> Member:
        def of(each: str) -> str:
            return f"https://{name}.example.org/{each}"

        url, title = f"/{name}.ttl", "Title of {}".format
        member(name, server.address + url, prefixes=[f"https://{name}.example.org/"], brake_records=0)
        careful = dataset(of("forest"), "Forest", f"<{of('forest')}> {INDIGENOUS} .")
        all_of_them = "".join(dataset(of(each), title(each)) for each in NAMES if each != "forest")
        server.turtle(url, feed([], all_of_them + careful))
        harvest(name)
        listed = [each for each in NAMES if each not in ("missing", "forest", "taken-back")]
        changed = "".join(dataset(of(each), title(each) + (" now" if each == "changed" else "")) for each in listed)
        server.turtle(url, feed([], changed + tombstone(of("taken-back"), MAY)))
        harvest(name)
        withdraw(of("withdrawn"))
        group = factories.Group(
            name=f"group-of-{name}", title="Group", user=factories.Sysadmin(name=f"staff-of-{name}")
        )
        package_id = record.by_iri(of("in-group"))[0].package_id
        call_action("member_create", id=group["id"], object=package_id, object_type="package", capacity="public")
        # Whatever is written from now on has no wider audience.
        members.write({"id": name, "audience": "national"})
        model.Session.commit()
        return member_named(name)

    return make


def taken_away(member: Member, take: Take) -> None:
    """All records of a member, in steps of this kind."""
    last = ""
    with leased(member.id):
        while True:
            _, last = take(member, AFTER, last)
            if not last:
                return


def left(name: str) -> dict[str, Any]:
    """What stands in tables, search and feed of a member, without names, ids and moments."""
    found: dict[str, Any] = {}
    for table, query in TABLES.items():
        rows = model.Session.execute(
            sa.text(f"{query} WHERE r.authority = :authority"), {"authority": f"member:{name}"}
        )
        found[table] = sorted(plain(str(sorted(row.items())), name) for row in rows.scalars())
    organization = call_action("organization_show", id=name)["id"]
    documents = make_connection().search("*:*", fq=f"owner_org:{organization}", fl=FOUND, rows=100).docs
    found["search"] = sorted(plain(str(sorted(each.items())), name) for each in documents)
    text = tk.get_action("dcat_catalog_show")(tk.fresh_context({"user": ""}), {"format": "nt"})
    lines, host = text.splitlines(), f"//{name}.example.org/"
    entries = {line.split(" ")[0] for line in lines if host in line and "primaryTopic" in line}
    about = (line for line in lines if host in line or line.split(" ")[0] in entries)
    found["feed"] = sorted(re.sub(r"_:\w+", "_:b", plain(line, name)) for line in about)
    return found


def plain(text: str, name: str) -> str:
    text = HASH.sub("HASH", TIME.sub("TIME", UUID.sub("UUID", text)))
    return text.replace(name, "NAME").replace(name.title(), "Name")


class TestAtOnce:
    def test_leaves_what_one_by_one_leaves(self, many_states: Callable[[str], Member]) -> None:
        """Tables, changes, search and feed."""
        kenya, ghana = many_states("kenya"), many_states("ghana")
        assert left("kenya") == left("ghana")
        assert removal_misfit() is None
        taken_away(kenya, one_by_one)
        taken_away(ghana, at_once)
        one, many = left("kenya"), left("ghana")
        for part, rows in one.items():
            assert many[part] == rows, part
        # What was withdrawn is still there for its own people.
        assert len(one["search"]) == 2
        assert [line for line in one["feed"] if "tombstone" in line]
        assert members.by_id("ghana").counts == ledger.states("ghana") == ledger.states("kenya")
        assert unindexed.number() == 0

    def test_goes_on_where_it_was_stopped(self, kenya: Kenya, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was done stays done, and nothing is half done."""
        monkeypatch.setattr(emptying, "BATCH", 2)
        kenya(iris(7))

        def stopped(_doing: str, done: int, _total: int | None) -> None:
            if done == 4:
                raise RunStopped("a person stopped it")

        with pytest.raises(RunStopped), leased("kenya"):
            emptying.emptied(member_named("kenya"), AFTER, no_limit, stopped)
        assert (len(titles()), ledger.count("kenya", STANDING)) == (3, 3)
        assert members.by_id("kenya").counts == {"published": 3, "removed": 4}
        with leased("kenya"):
            assert emptying.emptied(member_named("kenya"), AFTER, no_limit, in_silence) == 3
        assert (titles(), ledger.count("kenya", STANDING)) == ([], 0)

    def test_shows_again_what_the_database_kept(self, kenya: Kenya) -> None:
        """Where the commit fails, search gets back what it was hidden from."""
        kenya([A])
        with refused_commit(), pytest.raises(DBAPIError), leased("kenya"):
            at_once(member_named("kenya"), AFTER, "")
        assert (titles(), unindexed.number()) == ([], 1)
        drain(10)
        assert len(titles()) == 1
        assert state(A) == "published"

    @pytest.mark.ckan_config("ckan.search.remove_deleted_packages", False)
    def test_is_left_alone_where_more_has_to_be_done(self, kenya: Kenya) -> None:
        """CKAN's own action then removes each."""
        kenya(iris(2))
        assert "keeps deleted datasets" in (removal_misfit() or "")
        assert call_action("citizendata_member_clear", id="kenya") == {"removed": 2}
        assert {each["state"] for each in make_connection().search("*:*", fl="state").docs} == {"deleted"}


@contextmanager
def refused_commit() -> Iterator[None]:
    """The database refuses each row of changes, at the end of its transaction."""
    function = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
    when = "AFTER INSERT ON citizendata_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
    with model.ensure_engine().connect() as database:
        database = database.execution_options(isolation_level="AUTOCOMMIT")
        database.execute(sa.text(f"{function} AS $$ BEGIN RAISE EXCEPTION 'full'; END $$"))
        database.execute(sa.text(f"CREATE CONSTRAINT TRIGGER refuse_change {when}"))
        try:
            yield
        finally:
            model.Session.rollback()
            database.execute(sa.text("DROP FUNCTION refuse() CASCADE"))


class TestClear:
    def test_next_harvest_brings_back_what_was_not_withdrawn(self, kenya: Kenya, command: Command) -> None:
        """Under their addresses; a person's withdrawal outlasts it."""
        first, second = iris(2)
        kenya([first, second])
        before = record.by_iri(first)[0].package_id
        withdraw(second)
        done = command("member", "clear", "kenya", "--yes")
        assert "1 records of Kenya were taken away" in done.output
        assert (titles(), record.by_iri(first)[0].tombstone) == ([], "deleted")
        assert outcomes(kenya([first, second])) == {first: "added", second: "held"}
        assert (len(titles()), record.by_iri(first)[0].package_id) == (1, before)
        assert state(second) == "withdrawn"

    def test_waits_for_a_harvest(self, kenya: Kenya, command: Command) -> None:
        """One worker a member, whatever it does."""
        kenya([A])
        with leased("kenya"):
            done = command("member", "clear", "kenya", "--yes")
        assert done.exit_code == 1
        assert "Not all records of kenya are taken away: kenya is being harvested already" in done.output
        assert len(titles()) == 1
        assert command("member", "clear", "kenya", input="n\n").exit_code == 1
        assert len(titles()) == 1
