"""What a busy server asks for, however oddly."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from urllib3.response import HTTPResponse

from ckanext.citizendata.federation.retry import LONGEST_ASKED, asked_pause


def pause(said: str) -> float | None:
    return asked_pause(HTTPResponse(headers={"Retry-After": said}))


class TestAskedPause:
    def test_is_told_in_seconds_or_as_a_date(self) -> None:
        """A date in the past asks for nothing."""
        later = datetime.now(timezone.utc) + timedelta(minutes=5)
        assert pause(" 5 ") == 5
        assert 298 < (pause(format_datetime(later, usegmt=True)) or 0) <= 300
        assert pause("Fri, 31 Dec 1999 23:59:59 GMT") == 0
        assert asked_pause(HTTPResponse()) is None

    @pytest.mark.parametrize("said", ["9" * 7, "9" * 400, "9" * 4000, "Fri, 31 Dec 9999 23:59:59 GMT"])
    def test_counts_up_to_a_day(self, said: str) -> None:
        """What has 400 digits is more than a program can reckon with."""
        assert pause(said) == LONGEST_ASKED

    @pytest.mark.parametrize(
        "said",
        [
            *("", "soon", "-5", "+5", "1.5", "1e3", "\u0665", "9" * 5000, "5, 10", "0x10"),
            *("Fri, 31 Dec 99999 23:59:59 GMT", "Fri, 99 Dec 2026 23:59:59 GMT", "31 Dec", "Fri, 31 Dec 2026 23:59:59"),
            *("Fri, 31 Dec 2026 23:59:59 +99999999999", "Fri, 31 Dec 2026 99:99:99 GMT", ":", ",", "0 0 0 0 0"),
        ],
    )
    def test_a_wrong_value_is_none(self, said: str) -> None:
        """Nor does it raise anything."""
        assert pause(said) is None
