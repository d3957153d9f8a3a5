"""The index writer beside a real Solr: what it shows and hides, and what it does with what Solr refuses or misses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import clear_all
from ckan.logic import index_update_package
from ckan.tests.helpers import call_action as call
from urllib3.exceptions import ConnectTimeoutError
from urllib3.util.retry import Retry

from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.local.settings import free_port
from ckanext.citizendata.logic.finding.reconcile import drain
from ckanext.citizendata.logic.publishing.index import Document, IndexWriter, patience_of
from ckanext.citizendata.model import record, unindexed

from .solr_proxy import Asked, Proxy, proxy_before

Make = Callable[..., dict[str, Any]]
Documents = Callable[[Sequence[str]], list[dict[str, Any]]]

AT_ONCE = Retry(total=0, raise_on_status=False)


@pytest.fixture
def proxy(site: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:  # noqa: ARG001
    """A proxy that CKAN takes for Solr."""
    with proxy_before(tk.config["solr_url"]) as found:
        monkeypatch.setitem(tk.config, "solr_url", found.url)
        yield found


@pytest.fixture
def documents(proxy: Proxy) -> Documents:
    """What CKAN sends to Solr for these datasets now; they are taken from the index afterwards, and noted."""

    def sent(package_ids: Sequence[str]) -> list[dict[str, Any]]:
        before = len(proxy.documents)
        for package_id in package_ids:
            index_update_package(tk.fresh_context({"user": "", "ignore_auth": True}), package_id)
        found = proxy.documents[before:]
        clear_all()
        unindexed.note(package_ids)
        model.Session.commit()
        return found

    return sent


def _found(query: str = "") -> set[str]:
    """The titles that everybody finds."""
    answer = call("package_search", q=query, context={"ignore_auth": False, "user": ""})
    return {package["title"] for package in answer["results"]}


def _waiting() -> list[str]:
    model.Session.rollback()
    return list(unindexed.oldest(100))


class TestShow:
    def test_is_found_when_settled(self, dataset: Make, documents: Documents) -> None:
        """Search finds what was shown, and nothing waits any more."""
        titles = {f"Wells {number}" for number in range(5)}
        sent = documents([dataset(title_translated={"en": title})["id"] for title in titles])
        with IndexWriter() as index:
            index.show(sent[:3])
            index.show(sent[3:])
            assert index.settle() == []

        assert _found() == titles
        assert _waiting() == []

    def test_is_found_by_itself(self, dataset: Make, documents: Documents) -> None:
        """A run that dies before its end leaves nothing invisible in Solr: it commits what it took within seconds."""
        sent = documents([dataset()["id"]])
        with IndexWriter() as index:
            index.show(sent)
            index._wait(0)
        until = time.monotonic() + 15
        while not _found() and time.monotonic() < until:
            time.sleep(0.2)

        assert _found() == {"Water points in Kibera"}

    def test_never_undoes_what_was_hidden_meanwhile(self, dataset: Make, documents: Documents) -> None:
        """A document that is older than its rows isn't sent; its note stays till somebody looks."""
        package_id = dataset()["id"]
        sent = documents([package_id])
        call("citizendata_record_withdraw", id=package_id)
        with IndexWriter() as index:
            index.show(sent)
            index.settle()

        assert _found() == set()
        assert _waiting() == [package_id]

    def test_waits_for_who_is_hiding(self, dataset: Make, documents: Documents) -> None:
        """While somebody holds the record, its document waits; what was decided by then holds."""
        package_id = dataset()["id"]
        sent = documents([package_id])
        record.locked(package_id)
        with IndexWriter() as index:
            index.show(sent)
            call("citizendata_record_withdraw", id=package_id)
            index.settle()

        assert _found() == set()

    def test_comes_back_at_once_while_there_is_room(self, dataset: Make, documents: Documents, proxy: Proxy) -> None:
        """Two batches wait at most; who brings a third one waits for the first."""
        sent = documents([dataset()["id"] for _ in range(3)])
        proxy.mood = lambda _: time.sleep(0.5)
        took = []
        with IndexWriter() as index:
            for document in sent:
                began = time.monotonic()
                index.show([document])
                took.append(time.monotonic() - began)
            proxy.mood = lambda _: None
            index.settle()

        assert max(took[:2]) < 0.2
        assert took[2] > 0.3


class TestHide:
    def test_is_hidden_before_the_commit(self, dataset: Make, documents: Documents) -> None:
        """When it comes back, nobody finds it, whatever becomes of the transaction."""
        package_id = dataset()["id"]
        public = documents([package_id])
        with IndexWriter() as index:
            index.show(public)
            index.settle()
            index.hide([{**public[0], "permission_labels": ["member-x"]}])
            assert _found() == set()
            model.Session.rollback()

    def test_deleted_ones_leave_the_index(self, dataset: Make, documents: Documents) -> None:
        """As CKAN's own index has it."""
        sent = documents([dataset()["id"]])
        with IndexWriter() as index:
            index.show(sent)
            index.settle()
            index.hide([{**sent[0], "state": "deleted"}])

        assert call("package_search", include_private=True, fq="state:*")["count"] == 0

    def test_what_solr_refuses_is_taken_out(self, dataset: Make, documents: Documents) -> None:
        """No older document stays in sight; the dataset waits to be indexed."""
        package_id = dataset()["id"]
        sent = documents([package_id])
        with IndexWriter() as index:
            index.show(sent)
            index.settle()
            index.hide([{**sent[0], "permission_labels": ["member-x"], "metadata_created": "yesterday"}])
            model.Session.commit()

            assert _found() == set()
            assert _waiting() == [package_id]
            assert index.settle() == [package_id]


class TestRefusals:
    def test_cost_no_other_document(self, dataset: Make, documents: Documents) -> None:
        """A term of 40 KB, which Lucene refuses with its batch: that dataset is found by its title alone."""
        ids = [dataset(title_translated={"en": f"Wells {number}"})["id"] for number in range(9)]
        sent: list[Document] = [*documents(ids)]
        sent[6] = {**sent[6], "stray": "x" * 40_000, "text": ["Zanzibar"]}
        with IndexWriter() as index:
            index.show(sent)
            assert index.settle() == [ids[6]]

        assert _found("fetch") == {f"Wells {number}" for number in range(9)} - {"Wells 6"}
        assert _found("Wells") == {f"Wells {number}" for number in range(9)}
        assert _found("Zanzibar") == set()
        assert call("package_show", id=ids[6])["title"] == "Wells 6"
        assert _waiting() == []

    def test_of_what_is_refused_bare_too_stay_noted(self, dataset: Make, documents: Documents) -> None:
        """It waits, and the others are in the index."""
        ids = [dataset(title_translated={"en": f"Wells {number}"})["id"] for number in range(3)]
        sent: list[Document] = [*documents(ids)]
        sent[1] = {**sent[1], "metadata_created": "yesterday"}
        with IndexWriter() as index:
            index.show(sent)
            assert index.settle() == [ids[1]]

        assert _found() == {"Wells 0", "Wells 2"}
        assert _waiting() == [ids[1]]

    def test_as_an_internal_error(self, dataset: Make, documents: Documents, proxy: Proxy) -> None:
        """A document that makes Solr stumble is one of the refused; Solr is well otherwise."""
        ids = [dataset()["id"] for _ in range(4)]
        sent = [{**each, "text": ["Zanzibar"] if number == 2 else []} for number, each in enumerate(documents(ids))]
        proxy.mood = lambda asked: 500 if b"Zanzibar" in asked.body else None
        with IndexWriter() as index:
            index.show(sent)
            assert index.settle() == [ids[2]]

        assert _waiting() == []


class TestLostSolr:
    def test_is_tried_again(self, dataset: Make, documents: Documents, proxy: Proxy) -> None:
        """A restart of Solr costs a run nothing but time."""
        sent = documents([dataset()["id"]])
        answers = iter([503, 503, 503])
        proxy.mood = lambda asked: next(answers, None) if asked.documents else None
        with IndexWriter(Retry(total=5, backoff_factor=0.01, status_forcelist=[503], allowed_methods=None)) as index:
            index.show(sent)
            assert index.settle() == []

        assert _found() == {"Water points in Kibera"}

    @pytest.mark.parametrize("status", [404, 503])
    def test_that_answers_nonsense_ends_the_run(
        self, status: int, dataset: Make, documents: Documents, proxy: Proxy
    ) -> None:
        """A core that isn't there is no fault of the documents: none is called refused."""
        sent = documents([dataset()["id"]])
        proxy.mood = lambda _: status
        with IndexWriter(AT_ONCE) as index:
            index.show(sent)
            with pytest.raises(RegistryUnavailable, match="search engine of this registry doesn't answer"):
                index.settle()
        proxy.mood = lambda _: None

        assert _waiting() == [sent[0]["id"]]

    def test_that_can_not_be_reached_leaves_notes(
        self, dataset: Make, documents: Documents, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What wasn't indexed waits, and comes into the index when Solr is back."""
        sent = documents([dataset()["id"] for _ in range(2)])
        with monkeypatch.context() as patch:
            patch.setitem(tk.config, "solr_url", f"http://127.0.0.1:{free_port()}/solr/nobody")
            with IndexWriter(AT_ONCE) as index:
                index.show(sent[:1])
                index.show(sent[1:])
                with pytest.raises(RegistryUnavailable):
                    index.settle()
            with pytest.raises(RegistryUnavailable), IndexWriter(AT_ONCE) as index:
                index.hide(sent)
            with pytest.raises(RegistryUnavailable):
                drain(10)
        assert sorted(_waiting()) == sorted(each["id"] for each in sent)

        assert drain(10) == 2
        assert _waiting() == []
        assert _found() == {"Water points in Kibera"}

    def test_is_tried_for_as_long_as_the_site_says(
        self, dataset: Make, documents: Documents, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With no patience at all it is asked once more, at once."""
        sent = documents([dataset()["id"]])
        monkeypatch.setitem(tk.config, "ckanext.citizendata.search_patience_seconds", 0)
        proxy.mood = lambda asked: 503 if asked.documents else None
        before = len(proxy.documents)
        with pytest.raises(RegistryUnavailable), IndexWriter() as index:
            index.show(sent)
            index.settle()

        assert len(proxy.documents) == before + 2

    @pytest.mark.parametrize(("seconds", "pauses"), [(0, [0]), (1, [0]), (2, [0, 2]), (30, [0, 2, 4, 8, 16])])
    def test_is_asked_less_and_less_often(self, seconds: int, pauses: list[int]) -> None:
        """The pauses between tries fill the time that the site says."""
        retry, found = patience_of(seconds), []
        while retry.total:
            retry = retry.increment(error=ConnectTimeoutError())
            found.append(retry.get_backoff_time())
        assert found == pauses

    def test_ends_the_queue_at_once(self, dataset: Make, documents: Documents, proxy: Proxy) -> None:
        """What waits behind a batch that found nobody isn't tried one by one."""
        sent = documents([dataset()["id"] for _ in range(2)])

        def mood(asked: Asked) -> int | None:
            time.sleep(0.2)
            return 503 if asked.documents else None

        proxy.mood = mood
        before = len(proxy.documents)
        with pytest.raises(RegistryUnavailable), IndexWriter(AT_ONCE) as index:
            index.show(sent[:1])
            index.show(sent[1:])
            index.settle()

        assert len(proxy.documents) == before + 1
