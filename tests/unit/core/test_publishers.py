from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.core.publishers import publisher_key, publisher_name

DESK = "https://water.example.org/"


class TestPublisherKey:
    @pytest.mark.parametrize(
        ("rows", "key"),
        [
            (None, None),
            ([], None),
            ([{}], None),
            ([{"name": " Water  desk "}], "Water desk"),
            ([{"name": "Water desk", "uri": DESK}], DESK),
            ([{"name": ""}, {"name": "Rivers"}], "Rivers"),
            ([{"uri": "https://x.example/" + "a" * 1000}, {"name": "Rivers"}], "Rivers"),
        ],
    )
    def test_is_address_or_name(self, rows: list[dict[str, Any]] | None, key: str | None) -> None:
        """Of the first that has one which an index takes."""
        assert publisher_key(rows) == key


class TestPublisherName:
    def test_is_what_people_read(self) -> None:
        """Also beside an address; empty where there is none."""
        assert publisher_name([{"uri": DESK}, {"name": "Water  desk"}]) == "Water desk"
        assert publisher_name(None) == ""
