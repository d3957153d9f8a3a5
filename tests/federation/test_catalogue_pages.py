"""Pages and JSON about harvests: what everybody is told, and what only the people whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.jobs import Worker, get_queue
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action, call_auth

from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.model import ledger, run

from .conftest import Kenya, Server, counts, dataset, state, tombstone
from .test_harvest import CATALOGUE, MAY, A, B
from .visitors import Browser, signed_in, statements

# What nobody but their people may read of records: titles, addresses, values, and where a feed is.
SECRETS = ("Title of", "node.example.org/dataset", "NOW_AND_THEN", "127.0.0.1")
PEOPLE_ALONE = ("plan", "waiting", "plan.json")
PEOPLES_ACTIONS = ("harvest_run", "harvest_show", "removal_list", "removal_approve", "removal_refuse")
STAFFS_ACTIONS = ("harvest_plan", "harvest_abort", "harvest_approve", "member_show", "member_patch", "member_delete")


class TestEverybody:
    def test_reads_times_counts_and_reasons_and_no_record(
        self, held: list[str], others: list[dict[str, Any]], app: CKANTestApp
    ) -> None:
        """Not signed in, or signed in as somebody else: the same pages, and the same JSON."""
        nobody = Browser(app)
        pages = ["/catalogues", "/catalogues/kenya", "/catalogues.json", "/catalogues/kenya.json"]
        told = {page: nobody.get(page).body for page in pages}
        for page, body in told.items():
            assert [secret for secret in SECRETS if secret in body] == [], page
        assert "Many datasets are missing from the feed at once" in nobody.text("/catalogues/kenya")
        run_ = nobody.get("/catalogues/kenya.json").json["runs"][0]
        assert run_["counts"]["held"] == len(held)
        assert {"kind": "held", "code": "removals_wait", "count": 4} in run_["reasons"]
        for user in others:
            browser = signed_in(app, user)
            assert browser.text("/catalogues/kenya") == nobody.text("/catalogues/kenya")
            assert browser.get("/catalogues/kenya.json").body == told["/catalogues/kenya.json"]

    def test_gets_no_further(self, held: list[str], others: list[dict[str, Any]], app: CKANTestApp) -> None:
        """Neither to pages nor to actions, nor by sending forms."""
        get_queue().empty()
        for browser in (Browser(app), *(signed_in(app, user) for user in others)):
            assert {browser.get(f"/catalogues/kenya/{page}").status_code for page in PEOPLE_ALONE} <= {302, 403}
            for page, form in (("plan", {"answer": "look"}), ("waiting", {"answer": "refuse", "iri": held[0]})):
                assert browser.post(f"/catalogues/kenya/{page}", **form).status_code in (302, 403)
            browser.post("/catalogues/kenya/harvest")
        assert {each["iri"] for each in call_action("citizendata_removal_list", id="kenya")} == set(held)
        assert [name for name in get_queue().get_job_ids() if "kenya" in name] == []
        for name in ("", *(user["name"] for user in others)):
            for action in (*PEOPLES_ACTIONS, *STAFFS_ACTIONS):
                with pytest.raises(tk.NotAuthorized):
                    call_auth(f"citizendata_{action}", {"user": name, "model": model}, id="kenya")

    def test_reads_lists_page_by_page(
        self, kenya: Kenya, server: Server, member: Callable[..., str], app: CKANTestApp
    ) -> None:
        """By name, and harvests by number, so that none is left out or told twice."""
        for _ in range(3):
            kenya([A])
        member("ghana", server.turtle("/g.ttl", CATALOGUE), prefixes=["https://ghana.example.org/"])
        first = Browser(app).get("/catalogues.json?limit=1").json
        assert ([each["id"] for each in first["catalogues"]], first["next"]) == (["ghana"], "ghana")
        second = Browser(app).get(f"/catalogues.json?limit=1&after={first['next']}").json
        assert ([each["records"] for each in second["catalogues"]], second["next"]) == ([1], None)
        runs = Browser(app).get("/catalogues/kenya.json?limit=2").json
        older = Browser(app).get(f"/catalogues/kenya.json?limit=2&before={runs['next']}").json
        numbers = [each["run"] for each in (*runs["runs"], *older["runs"])]
        assert numbers == sorted(numbers, reverse=True)
        assert (len(numbers), older["next"]) == (3, None)
        assert "It was never harvested" in Browser(app).text("/catalogues/ghana")
        assert Browser(app).get("/catalogues/nowhere").status_code == 404
        assert Browser(app).get("/catalogues/nowhere.json").status_code == 404
        assert Browser(app).get("/catalogues.json?limit=x").status_code == 400

    def test_costs_the_same_however_many_there_are(self, kenya: Kenya, app: CKANTestApp) -> None:
        """So many statements for one catalogue as for thirty, each with its harvests: none is asked for by itself."""
        kenya([A])
        few = statements(lambda: Browser(app).get("/catalogues.json"))
        more = sa.text("""
            INSERT INTO citizendata_member (id, title, url, audience, interval_minutes)
            SELECT 'm' || g, 'M', 'https://m.example.org/', 'everyone', 60 FROM generate_series(1, 30) g
        """)
        model.Session.execute(more)
        model.Session.execute(
            sa.text("INSERT INTO citizendata_run (member_id, state) SELECT id, 'failed' FROM citizendata_member")
        )
        model.Session.commit()
        assert len(Browser(app).get("/catalogues.json").json["catalogues"]) == 31
        assert statements(lambda: Browser(app).get("/catalogues.json")) == few


class TestPeople:
    def test_read_what_to_mend(self, held: list[str], editor: dict[str, Any], app: CKANTestApp) -> None:
        """Titles, fields and values, each kind once, in words: no code, no command, no name of a field."""
        browser = signed_in(app, editor)
        first = min(each["run"] for each in browser.get("/catalogues/kenya.json").json["runs"])
        text = browser.text(f"/catalogues/kenya?run={first}")
        assert "How often it is renewed" in text or "Frequency" in text or "NOW_AND_THEN" in text
        assert "Title of a000" in text
        text = browser.text("/catalogues/kenya")
        assert "agree to their removal" in text
        for foreign in ("ckan citizendata", "removals_wait", "[held", "unlisted", "accrual"):
            assert foreign not in text
        groups = call_action("citizendata_harvest_show", {"user": editor["name"], "ignore_auth": False}, id="kenya")[
            "groups"
        ]
        (group,) = (each for each in groups if each["kind"] == "held")
        assert (group["count"], len(group["examples"])) == (len(held), 3)
        assert group["examples"][0]["title"] == "Title of a002"

    def test_decide_about_one_and_about_all(self, held: list[str], editor: dict[str, Any], app: CKANTestApp) -> None:
        """With one click each; about all only if they are those that were seen."""
        browser, address = signed_in(app, editor), "/catalogues/kenya/waiting"
        page = BeautifulSoup(browser.get(address).body, "html.parser")
        assert "If nobody acts, they stay as they are" in page.text
        seen = str(page.select_one("input[name=digest]")["value"])  # type: ignore[index]
        assert browser.post(address, answer="approve", iri=held[0]).status_code == 302
        assert [state(iri) for iri in held[:2]] == ["removed", "missing"]
        browser.post(address, answer="approve", digest=seen)
        assert state(held[1]) == "missing"
        page = BeautifulSoup(browser.get(address).body, "html.parser")
        browser.post(address, answer="refuse", digest=str(page.select_one("input[name=digest]")["value"]))  # type: ignore[index]
        assert call_action("citizendata_removal_list", id="kenya") == []
        assert "Nothing waits" in browser.text(address)

    def test_only_the_staff_lets_something_return(self, kenya: Kenya, editor: dict[str, Any], app: CKANTestApp) -> None:
        """What was withdrawn and is listed still; agreed to, it isn't asked about again."""
        kenya([A, B])
        kenya([A], more=tombstone(B, MAY))
        kenya([A, B])
        staff = signed_in(app, factories.Sysadmin())
        theirs = signed_in(app, editor)
        assert "Only the people of this registry let them return" in theirs.text("/catalogues/kenya/waiting")
        assert theirs.post("/catalogues/kenya/waiting", answer="return", iri=B).status_code == 403
        assert [need["kind"] for need in staff.get("/needs.json").json["needs"]] == ["returns"]
        assert staff.post("/catalogues/kenya/waiting", answer="return", iri=B).status_code == 302
        assert staff.get("/needs.json").json["needs"] == []
        assert counts(kenya([A, B])) == {"unchanged": 1, "added": 1}


class TestPlan:
    @pytest.mark.usefixtures("with_test_worker")
    def test_is_made_in_the_background_and_carried_out(
        self, kenya: Kenya, server: Server, editor: dict[str, Any], app: CKANTestApp
    ) -> None:
        """The page asks, waits, shows old and new, and has just that done; refused, nothing is."""
        kenya([A])
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water") + dataset(B, "Wells"))
        browser, address = signed_in(app, editor), "/catalogues/kenya/plan"
        get_queue().empty()
        assert "Look now" in browser.text(address)
        browser.post(address, answer="look")
        assert "The feed is being read" in browser.text(address)
        Worker().work(burst=True)
        text = browser.text(address)
        assert "New 1 Changed 1" in text
        assert "Title (en) Title of et/a → Clean water" in text
        assert "Wells" in text
        assert ledger.by_iri("kenya", B) is None
        hash_ = browser.get("/catalogues/kenya/plan.json").json["plan"]["hash"]
        browser.post(address, answer="refuse")
        assert "Look now" in browser.text(address)
        browser.post(address, answer="approve", plan=hash_)
        Worker().work(burst=True)
        assert state(B) == "published"

    @pytest.mark.usefixtures("with_test_worker")
    def test_that_cannot_be_made_says_why(
        self, kenya: Kenya, server: Server, editor: dict[str, Any], app: CKANTestApp
    ) -> None:
        """In words, with what to do."""
        kenya([A])
        server.serve("/c.ttl", b"<html>", "text/html")
        browser = signed_in(app, editor)
        get_queue().empty()
        browser.post("/catalogues/kenya/plan", answer="look")
        Worker().work(burst=True)
        assert "there is a web page" in browser.text("/catalogues/kenya/plan")


class TestProgress:
    def test_is_told_while_a_run_goes_on(self, kenya: Kenya, app: CKANTestApp) -> None:
        """Written beside the run's own transaction; the page says it in words, and an end as an end."""
        kenya([A])
        told: list[tuple[Any, ...]] = []
        pages: list[str] = []

        def look(_doing: str, _done: int, _total: int | None) -> None:
            with model.ensure_engine().connect() as connection:
                told.extend(
                    connection.execute(sa.select(run.Run.phase, run.Run.done).order_by(run.Run.id.desc()).limit(1))
                )
            pages.append(Browser(app).get("/catalogues/kenya/progress.json").json["words"])

        harvested(member_named("kenya"), look)
        assert told[0] == ("reading pages", 1)
        assert "pages so far: 1" in pages[0]
        assert Browser(app).get("/catalogues/kenya/progress.json").json == {"state": "finished", "words": ""}
