"""Pings: what is written is read, and what isn't one is named."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ckanext.citizendata.core.manifest import Misstated
from ckanext.citizendata.core.ping import Ping, ping_from_json

NOON = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
PING = Ping("https://kenya.example.org/catalog", "https://kenya.example.org/feed/everyone/manifest", 43, NOON)


class TestPing:
    def test_is_read_as_it_was_written(self) -> None:
        """With nothing in it but whose it is and how far that has got."""
        assert ping_from_json(PING.payload()) == PING
        assert sorted(json.loads(PING.payload())) == ["catalogue", "created", "manifest", "sequence"]

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("catalogue", None, "catalogue is None"),
            ("manifest", "", "manifest is ''"),
            ("sequence", 0, "sequence is 0"),
            ("sequence", True, "sequence is True"),
            ("created", "just now", "created is 'just now'"),
        ],
    )
    def test_names_what_is_wrong(self, field: str, value: Any, said: str) -> None:
        """The first field that is."""
        with pytest.raises(Misstated, match=said):
            ping_from_json(json.dumps(json.loads(PING.payload()) | {field: value}).encode())

    @pytest.mark.parametrize("payload", [b"", b"[]", b'"ping"', b"[" * 100_000])
    def test_is_an_object(self, payload: bytes) -> None:
        """Nothing else is one."""
        with pytest.raises(Misstated):
            ping_from_json(payload)

    @pytest.mark.parametrize(("minutes", "is_fresh"), [(-5, True), (0, True), (5, True), (-5.1, False), (5.1, False)])
    def test_is_fresh_for_five_minutes(self, minutes: float, is_fresh: bool) -> None:
        """Before and after, since clocks differ."""
        assert PING.is_fresh(NOON + timedelta(minutes=minutes)) == is_fresh
