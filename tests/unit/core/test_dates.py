from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ckanext.citizendata.core.dates import moment


class TestMoment:
    @pytest.mark.parametrize(
        "text",
        ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00", "2026-03-01T15:00:00+03:00", " 2026-03-01T12:00:00.000000z "],
    )
    def test_reads_what_feeds_write(self, text: str) -> None:
        """A time without a zone counts as UTC."""
        assert moment(text) == datetime(2026, 3, 1, 12, tzinfo=timezone.utc)

    @pytest.mark.parametrize(
        "text", [None, "", "soon", "0000-00-00", "2026-02-30", "0001-01-01T00:00:00", "9999-12-31T23:59:00"]
    )
    def test_anything_else_is_none(self, text: str | None) -> None:
        """Never an error."""
        assert moment(text) is None
