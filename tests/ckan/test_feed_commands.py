"""The key that signs the snapshots of a site, and the commands about feeds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ckan.lib import jobs
from ckan.lib import redis as ckan_redis
from ckan.lib.jobs import get_queue
from click.testing import CliRunner, Result
from redis import ConnectionPool

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds import feed_jobs, feed_keys
from ckanext.citizendata.logic.feeds.cutting import cut, cut_anew
from tests.ckan.snapshots import *  # noqa: F403 - fixtures
from tests.ckan.snapshots import FEED, hashes, manifest, settled, texts, withdraw

Make = Callable[..., dict[str, Any]]


def command(*words: str) -> Result:
    return CliRunner().invoke(citizendata, words)


class TestKeys:
    def test_file(self, store: Store, dataset: Make) -> None:
        """The private key is made at first use, for nobody else on this machine to read."""
        dataset()
        settled()
        path = store.folder.parent / "key"
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(manifest(store).keys) == 1

    def test_rotated(self, store: Store, dataset: Make) -> None:
        """The next snapshot is signed by the new key, for which the old one vouches."""
        dataset()
        settled()
        old = manifest(store).keys[0].key
        fresh = feed_keys.rotated()
        settled()
        found = manifest(store).keys
        assert [each.key for each in found] == [old, fresh]
        assert fresh.x.encode() in old.verified(found[1].proof or "", "citizendata-key+json")

    def test_replaced(self, store: Store, dataset: Make) -> None:
        """Nothing vouches for a key that came after a lost one; snapshots go on."""
        dataset()
        settled()
        (store.folder.parent / "key").unlink()
        with pytest.raises(feed_keys.KeyUnusable, match="key replace"):
            cut_anew(FEED)
        fresh = feed_keys.replaced()
        settled()
        assert manifest(store).keys[-1].key == fresh
        assert manifest(store).keys[-1].proof is None

    def test_other_file(self, store: Store, dataset: Make) -> None:
        """An old copy of the file signs nothing after a rotation."""
        dataset()
        settled()
        path = store.folder.parent / "key"
        old = path.read_bytes()
        feed_keys.rotated()
        path.write_bytes(old)
        with pytest.raises(feed_keys.KeyUnusable, match="Bring the right file back"):
            cut(FEED)

    def test_killed_while_rotating(self, store: Store, dataset: Make) -> None:
        """The table knows the new key, the file isn't in its place yet: the next cut puts it there."""
        dataset()
        settled()
        path = store.folder.parent / "key"
        old = path.read_bytes()
        fresh = feed_keys.rotated()
        path.rename(path.with_name("key.next"))
        path.write_bytes(old)
        settled()
        assert manifest(store).keys[-1].key == fresh


class TestCommands:
    def test_cut(self, store: Store, dataset: Make) -> None:
        """The first one makes a snapshot, the next one says that it is right."""
        dataset()
        first = command("feed", "cut", "--json")
        assert first.exit_code == 0, first.output
        settled()
        assert manifest(store).datasets == 1
        assert "is right" in command("feed", "cut").output
        assert "with 1 datasets and 1 tombstones on 1 pages" in _told_anew(dataset)

    def test_status(self, store: Store, dataset: Make) -> None:
        """What is served, and what is on it."""
        dataset()
        assert "no snapshot was made yet" in command("feed", "status").output
        settled()
        (found,) = json.loads(command("feed", "status", "--json").output)
        names = ("feed", "sequence", "served", "datasets", "tombstones", "waiting", "due")
        told = {name: found[name] for name in names}
        assert told == {
            "feed": FEED,
            "sequence": store.current(),
            "served": store.current(),
            "datasets": 1,
            "tombstones": 0,
            "waiting": 0,
            "due": False,
        }

    def test_verify(self, store: Store, dataset: Make) -> None:
        """One wrong byte ends with exit code 1 and the name of the file; removed, the next cut makes it anew."""
        dataset()
        settled()
        assert command("feed", "verify").exit_code == 0
        (name,) = hashes(store)
        path = store.folder / "pages" / f"{name}.nq.gz"
        path.write_bytes(path.read_bytes()[:-1])
        found = command("feed", "verify", "--json")
        assert found.exit_code == 1
        assert [each["place"] for each in json.loads(found.output)] == [f"pages/{name}.nq.gz"]
        path.unlink()
        command("feed", "cut")
        assert command("feed", "verify").exit_code == 0

    def test_no_such_feed(self, store: Store) -> None:  # noqa: ARG002
        """The sentence names the feeds that there are."""
        found = command("feed", "verify", "../everyone")
        assert found.exit_code == 1
        assert "feeds are: everyone" in found.output

    def test_key(self, store: Store, dataset: Make) -> None:
        """Made, rotated, replaced: each is shown, and never the private half."""
        dataset()
        assert "There is no key yet" in command("key", "show").output
        settled()
        assert command("key", "rotate").exit_code == 0
        assert command("key", "replace", "--yes").exit_code == 0
        found = json.loads(command("key", "show", "--json").output)
        assert [each["is_vouched_for"] for each in found] == [False, True, False]
        secret = (store.folder.parent / "key").read_text().strip()
        assert secret not in command("key", "show").output


class TestJobs:
    def test_asked_for(self, store: Store, dataset: Make) -> None:  # noqa: ARG002
        """A change asks for a snapshot, once however many come; the job makes it."""
        made = [dataset(), dataset()]
        asked = [each for each in get_queue().get_job_ids() if each.startswith("citizendata-feed")]
        assert len(asked) == 1
        feed_jobs.cut_soon()
        assert {*texts(store)} == {each["id"] for each in made}

    def test_lost_redis(self, store: Store, dataset: Make, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG002
        """Where Redis doesn't answer, people go on writing; the next round asks."""
        monkeypatch.setattr(jobs, "_queues", {})
        monkeypatch.setattr(ckan_redis, "_connection_pool", ConnectionPool(host="127.0.0.1", port=1))
        assert dataset()["id"]
        monkeypatch.undo()

    def test_rounds(self, store: Store, dataset: Make) -> None:  # noqa: ARG002
        """A round asks where a snapshot is due, and not where none is."""
        queue = get_queue()
        dataset()
        settled()
        queue.empty()
        feed_jobs.ask_where_due()
        assert queue.get_job_ids() == []
        (store.folder / "current").unlink()
        feed_jobs.ask_where_due()
        assert [each[:16] for each in queue.get_job_ids()] == ["citizendata-feed"]


def _told_anew(dataset: Make) -> str:
    """What is said of a snapshot of one more record, one of which was withdrawn."""
    withdraw(dataset())
    return command("feed", "cut", "--anew").output
