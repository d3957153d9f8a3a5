"""The registry harvests by itself: nobody asks, and what a national catalogue published is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

from . import places

# A round of the background job, and the harvest itself on a busy machine.
BOUND = 5 + 55


def _an_hour_passes(demo: Demo, member: str) -> None:
    """All harvests of a member that is due every hour began an hour ago."""
    query = "UPDATE citizendata_run SET started = started - interval '1 hour' WHERE member_id = %s"
    with closing(psycopg2.connect(demo.registry.addresses.database)) as connection, connection:
        connection.cursor().execute(query, (member,))


def _last_run(registry: Browser, member: str) -> int:
    return registry.action("citizendata_member_show", {"id": member})["last_run"]["id"]


def _found(registry: Browser, word: str) -> bool:
    return registry.get(f"{places.API}package_search?q={word}").json()["result"]["count"] == 1


class TestSchedule:
    def test_a_due_member_is_harvested_and_another_is_left(
        self,
        demo: Demo,
        publish: Callable[..., dict[str, Any]],
        anyone: Callable[[str], Browser],
        administrator: Callable[[str], Browser],
        settled: Callable[[str], None],
    ) -> None:
        """A new record is at the registry within a bound, though nobody did anything; who isn't due isn't asked."""
        registry = administrator("registry")
        publish(
            "zumari-radio-circle", "by-itself", notes_translated={"en": "Its word is plonkerdas. Invented example."}
        )
        settled("kenya")
        before = {name: _last_run(registry, name) for name in ("kenya", "ghana")}
        _an_hour_passes(demo, "kenya")

        deadline = time.monotonic() + BOUND
        while not _found(anyone("registry"), "plonkerdas") and time.monotonic() < deadline:
            time.sleep(0.5)

        assert _found(anyone("registry"), "plonkerdas")
        assert _last_run(registry, "kenya") > before["kenya"]
        assert _last_run(registry, "ghana") == before["ghana"]
