"""Reconciling: whatever somebody did to index or Redis, PostgreSQL says what is right, and hidden comes first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib.jobs import get_queue
from ckan.lib.redis import connect_to_redis
from ckan.lib.search import make_connection
from ckan.logic import index_update_package
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp
from ckan.tests.helpers import call_action as call
from redis import ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.citizendata.logic.finding.index_rounds import keep_index_in_step
from ckanext.citizendata.logic.finding.reconcile import KINDS, drain
from ckanext.citizendata.logic.finding.reconcile import reconcile as reconciled
from ckanext.citizendata.logic.harvesting.jobs import is_scheduled, schedule
from ckanext.citizendata.model import unindexed
from ckanext.citizendata.views.rounds import Rounds

from .solr_proxy import Asked, Proxy, proxy_before
from .test_writing_routes import FAILING_COMMIT

Make = Callable[..., dict[str, Any]]
Command = Callable[..., Any]


@pytest.fixture
def proxy(site: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:  # noqa: ARG001
    """A proxy that CKAN takes for Solr."""
    with proxy_before(tk.config["solr_url"]) as found:
        monkeypatch.setitem(tk.config, "solr_url", found.url)
        yield found


@pytest.fixture
def command(site: None, cli: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:  # noqa: ARG001
    """Runs the command, which reads the configuration anew."""

    def run(*arguments: str) -> Any:
        monkeypatch.setenv("CKAN_SOLR_URL", tk.config["solr_url"])
        return cli.invoke(ckan, ["citizendata", "reconcile", *arguments])

    return run


def reconcile() -> dict[str, int]:
    """The repairs that are made now, those without any left out."""
    repairs = reconciled(lambda *_: None)
    assert set(repairs) <= set(KINDS)
    return {kind: number for kind, number in repairs.items() if number}


def _sent(proxy: Proxy, package_id: str) -> dict[str, Any]:
    """The document that CKAN sends to Solr for a dataset."""
    index_update_package(tk.fresh_context({"user": "", "ignore_auth": True}), package_id)
    return proxy.documents[-1]


def _put(documents: Sequence[dict[str, Any]]) -> None:
    """What somebody adds to Solr behind the back of CKAN."""
    make_connection().add(list(documents), commit=True)


def _remove(package_id: str) -> None:
    make_connection().delete(q=f"id:{package_id}", commit=True)


def _found(query: str = "", user: str = "") -> set[str]:
    """The titles that somebody finds, without a name everybody."""
    context = {"ignore_auth": False, "user": user}
    answer = call("package_search", q=query, include_private=True, rows=1000, context=context)
    return {package["title"] for package in answer["results"]}


class TestReconcile:
    def test_finds_nothing_where_all_is_well(self, dataset: Make) -> None:
        """Whatever a dataset's state and audience, and whoever made it: what CKAN and we write is right."""
        dataset()
        dataset(audience="producer")
        dataset(audience="national")
        call("citizendata_record_withdraw", id=dataset()["id"])
        call("package_delete", id=dataset()["id"])
        call("dataset_purge", id=dataset()["id"])
        dataset(state="draft")
        factories.Dataset(type="showcase", owner_org=dataset()["owner_org"])

        assert reconcile() == {}

    def test_mends_each_kind(self, dataset: Make, proxy: Proxy) -> None:
        """A deleted document, one that became public, one of an older time, one without a dataset; then all agree."""
        there = dataset(title_translated={"en": "Wells"})
        gone = dataset(title_translated={"en": "Gone"})
        stale = dataset(title_translated={"en": "Before"})
        hidden = dataset(title_translated={"en": "Hidden"}, audience="producer")
        before, document = _sent(proxy, stale["id"]), _sent(proxy, there["id"])
        call("package_patch", id=stale["id"], title_translated={"en": "After"})
        _remove(gone["id"])
        ghost = {**document, "id": "ghost", "name": "ghost", "index_id": "ghost", "permission_labels": ["member-x"]}
        public = {**_sent(proxy, hidden["id"]), "permission_labels": ["public"], "capacity": "public"}
        _put([before, ghost, public])

        assert _found() == {"Wells", "Before", "Hidden"}
        assert reconcile() == {"wrong_public": 1, "missing": 1, "stale": 1, "ghosts": 1}
        assert _found() == {"Wells", "Gone", "After"}
        assert reconcile() == {}

    def test_public_ghosts_count_once(self, dataset: Make, proxy: Proxy) -> None:
        """What everybody finds and isn't there goes with what isn't theirs to see."""
        document = _sent(proxy, dataset()["id"])
        _put([{**document, "id": "ghost", "name": "ghost", "index_id": "ghost"}])

        assert reconcile() == {"wrong_public": 1}
        assert reconcile() == {}

    @pytest.mark.parametrize(
        ("audience", "labels"),
        [
            ("everyone", ["member-x"]),
            ("everyone", []),
            ("everyone", ["public", "citizendata-signed-in"]),
            ("producer", ["member-x"]),
            ("producer", ["citizendata-signed-in"]),
            ("national", ["citizendata-signed-in"]),
        ],
    )
    def test_readers_are_compared(self, audience: str, labels: list[str], dataset: Make, proxy: Proxy) -> None:
        """One reader too many or too few is found, though Solr doesn't tell who they are."""
        own = _sent(proxy, dataset(audience=audience)["id"])
        if audience != "everyone":
            labels = [*own["permission_labels"], *labels] if labels == ["member-x"] else labels
        if sorted(labels) == sorted(own["permission_labels"]):
            labels = labels[:1]
        _put([{**own, "permission_labels": labels}])

        assert reconcile() == {"stale": 1}
        assert reconcile() == {}

    def test_a_second_document_goes(self, dataset: Make, proxy: Proxy) -> None:
        """A dataset has one document, its own."""
        document = _sent(proxy, dataset()["id"])
        _put([{**document, "index_id": "second", "title": "Second"}])

        assert reconcile() == {"stale": 1}
        assert _found("Second") == set()
        assert reconcile() == {}

    def test_what_waits_is_indexed(self, dataset: Make) -> None:
        """Notes of a harvest that was killed after its commit."""
        package = dataset()
        _remove(package["id"])
        unindexed.note([package["id"]])
        model.Session.commit()

        assert reconcile() == {"waiting": 1}
        assert _found() == {package["title"]}

    def test_hides_first(self, dataset: Make, proxy: Proxy, command: Command) -> None:
        """A walk that breaks off after its first step has hidden what everybody found, and nothing else."""
        hidden = dataset(title_translated={"en": "Hidden"}, audience="producer")
        gone = dataset(title_translated={"en": "Gone"})
        _put([{**_sent(proxy, hidden["id"]), "permission_labels": ["public"]}])
        _remove(gone["id"])
        proxy.seen.clear()
        busy = []

        def mood(asked: Asked) -> int | None:
            """No time for documents, nor for anything after them."""
            busy.extend(asked.documents)
            return 503 if busy else None

        proxy.mood = mood

        result = command()
        assert result.exit_code == 1
        assert "What is mended by now stays; say it again later" in result.output
        proxy.mood = lambda _: None
        assert _found() == set()

        proxy.seen.clear()
        assert reconcile() == {"waiting": 1, "missing": 1}
        assert [each["id"] for each in proxy.documents] == [hidden["id"], gone["id"]]

    def test_order_of_steps(self, dataset: Make, proxy: Proxy) -> None:
        """Of all that Solr is asked, to hide comes before any document."""
        hidden, gone = dataset(audience="producer")["id"], dataset()["id"]
        _put([{**_sent(proxy, hidden), "permission_labels": ["public"]}])
        _remove(gone)
        proxy.seen.clear()
        reconcile()
        writes = [asked for asked in proxy.seen if "/update" in asked.path and "<commit" not in asked.text]

        assert "permission_labels:public" in proxy.seen[0].text
        assert f'{{!terms f=id}}{hidden}"' in writes[0].text
        assert [each["id"] for asked in writes[1:] for each in asked.documents] == [hidden, gone]

    def test_one_that_fails_costs_no_other(self, dataset: Make, proxy: Proxy, command: Command) -> None:
        """It is told, waits, and comes with the next round that succeeds."""
        bad, good = dataset(title_translated={"en": "Bad"})["id"], dataset(title_translated={"en": "Good"})["id"]
        _remove(bad)
        _remove(good)
        proxy.mood = lambda asked: 400 if any(each["id"] == bad for each in asked.documents) else None
        result = command()

        assert result.exit_code == 1
        assert "1 can't be indexed now" in result.output
        assert _found() == {"Good"}
        proxy.mood = lambda _: None
        assert drain(10) == 1
        assert reconcile() == {}
        assert _found() == {"Bad", "Good"}

    def test_many(self, dataset: Make, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
        """More datasets than a page holds, in any order of ids."""
        for module in ("index_contents", "reconcile"):
            monkeypatch.setattr(f"ckanext.citizendata.logic.finding.{module}.PAGE", 3)
        ids = [dataset(name=f"wells-{number}", title_translated={"en": str(number)})["id"] for number in range(10)]
        document = _sent(proxy, ids[0])
        for package_id in ids[::3]:
            _remove(package_id)
        ghosts = [{**document, "id": f"g{n}", "index_id": f"g{n}", "permission_labels": []} for n in range(5)]
        _put(ghosts)

        assert reconcile() == {"missing": 4, "ghosts": 5}
        assert _found() == {str(number) for number in range(10)}
        assert reconcile() == {}


class TestRefusedCommit:
    def test_waits_where_solr_is_lost_too(self, dataset: Make, proxy: Proxy) -> None:
        """What was hidden for a decision that the database refused comes back when Solr does."""
        package = dataset()
        sent: list[dict[str, Any]] = []

        def mood(asked: Asked) -> int | None:
            """Solr that takes one document, and is gone after it."""
            sent.extend(asked.documents)
            return 503 if len(sent) > 1 else None

        proxy.mood = mood
        model.Session.execute(sa.text(FAILING_COMMIT))
        model.Session.commit()
        try:
            with pytest.raises(SQLAlchemyError):
                call("citizendata_record_withdraw", id=package["id"])
        finally:
            model.Session.rollback()
            model.Session.execute(sa.text("DROP FUNCTION refuse_change CASCADE"))
            model.Session.commit()
        proxy.mood = lambda _: None
        assert _found() == set()

        assert drain(10) == 1
        assert _found() == {package["title"]}


class TestRounds:
    def test_are_planned_again_after_redis_was_emptied(self, command: Command) -> None:
        """Nobody has to remember `schedule`."""
        connect_to_redis().flushdb()
        assert not is_scheduled()

        assert json.loads(command("--json").stdout)["rounds"] == 1
        assert is_scheduled()
        assert json.loads(command("--json").stdout)["rounds"] == 0

    def test_are_planned_again_by_whoever_answers_pages(self, app: CKANTestApp) -> None:
        """After Redis was emptied while nothing ran nobody else is left who knows of them."""
        connect_to_redis().flushdb()
        look = Rounds().look
        app.flask_app.before_request_funcs[None].append(look)
        try:
            app.get("/api/3/action/status_show")
            assert is_scheduled()

            connect_to_redis().flushdb()
            app.get("/api/3/action/status_show")
            assert not is_scheduled(), "it looks at each request"
        finally:
            app.flask_app.before_request_funcs[None].remove(look)

    def test_cost_no_page_while_redis_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page needs no rounds."""
        monkeypatch.setattr("ckan.lib.redis._connection_pool", ConnectionPool.from_url("redis://127.0.0.1:1/0"))
        monkeypatch.setattr("ckan.lib.jobs._queues", {})
        with pytest.raises(RedisConnectionError):
            is_scheduled()
        Rounds().look()

    def test_index_what_was_left_behind(self, dataset: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not what a harvest noted just now: that comes by itself."""
        package = dataset()
        _remove(package["id"])
        unindexed.note([package["id"]])
        model.Session.commit()
        keep_index_in_step()
        assert _found() == set()

        monkeypatch.setattr("ckanext.citizendata.logic.finding.index_rounds.LEFT_BEHIND", timedelta(0))
        keep_index_in_step()
        assert _found() == {package["title"]}

    def test_plan_one_comparison_a_day(self, dataset: Make) -> None:
        """As a job of its own, which repairs what it finds."""
        connect_to_redis().flushdb()
        package = dataset()
        _remove(package["id"])
        keep_index_in_step()
        keep_index_in_step()
        jobs = [job for job in get_queue().jobs if "reconcile" in job.id]
        assert len(jobs) == 1

        jobs[0].perform()
        assert _found() == {package["title"]}


class TestCommand:
    def test_says_what_it_did(self, dataset: Make, command: Command) -> None:
        """In words, and that all agrees where nothing was to do."""
        schedule()
        package = dataset()
        _remove(package["id"])

        assert "1 were found by nobody" in command().output
        assert "Search and database agree." in command().output

    def test_refuses_what_it_does_not_know(self, command: Command) -> None:
        """As any other command."""
        result = command("everything")

        assert result.exit_code == 2
        assert "unexpected extra argument" in result.output
