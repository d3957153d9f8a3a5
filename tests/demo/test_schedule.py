"""The registry harvests by itself: nobody asks, and what a national catalogue published is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

from . import places

# A minute between two harvests, a round of the background job, and the harvest itself on a busy machine.
BOUND = 60 + 5 + 55


@pytest.fixture
def every_minute(demo: Demo) -> Iterator[str]:
    """The name of a member that is due every minute meanwhile, in place of every hour."""
    _set_interval(demo, "kenya", 1)
    yield "kenya"
    _set_interval(demo, "kenya", 60)


def _set_interval(demo: Demo, member: str, minutes: int) -> None:
    query = "UPDATE citizendata_member SET interval_minutes = %s WHERE id = %s"
    with closing(psycopg2.connect(demo.registry.addresses.database)) as connection, connection:
        connection.cursor().execute(query, (minutes, member))


def _last_run(registry: Browser, member: str) -> int:
    return registry.action("citizendata_member_show", {"id": member})["last_run"]["id"]


def _found(registry: Browser, word: str) -> bool:
    return registry.get(f"{places.API}package_search?q={word}").json()["result"]["count"] == 1


class TestSchedule:
    def test_a_due_member_is_harvested_and_another_is_left(
        self,
        publish: Callable[..., dict[str, Any]],
        anyone: Callable[[str], Browser],
        administrator: Callable[[str], Browser],
        every_minute: str,
    ) -> None:
        """A new record is at the registry within a bound, though nobody did anything; who isn't due isn't asked."""
        registry = administrator("registry")
        before = {name: _last_run(registry, name) for name in (every_minute, "ghana")}
        publish(
            "zumari-radio-circle", "by-itself", notes_translated={"en": "Its word is plonkerdas. Invented example."}
        )

        deadline = time.monotonic() + BOUND
        while not _found(anyone("registry"), "plonkerdas") and time.monotonic() < deadline:
            time.sleep(0.5)

        assert _found(anyone("registry"), "plonkerdas")
        assert _last_run(registry, every_minute) > before[every_minute]
        assert _last_run(registry, "ghana") == before["ghana"]
