"""Second tries for what may pass: a server that is restarting, overloaded or slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TypeVar

from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from ckanext.citizendata.federation.connection import Clock
from ckanext.citizendata.federation.errors import Code, SourceUnreachable
from ckanext.citizendata.federation.limits import Limits

__all__ = ["PASSING_STATUS", "MayPass", "asked_pause", "persistent"]

PASSING_STATUS = frozenset({429, 502, 503, 504})
# What a server asks for counts up to a day, longer than any harvest waits.
LONGEST_ASKED = 86_400.0
T = TypeVar("T")


class MayPass(SourceUnreachable):
    """What a second try may mend; `pause` is how many seconds the server asks to wait, where it does."""

    def __init__(self, url: str, reason: str, advice: str, code: Code, pause: float | None = None) -> None:
        super().__init__(url, reason, advice, code)
        self.pause = pause


def persistent(read: Callable[[], T], limits: Limits, clock: Clock) -> T:
    """What `read` brings at the first or a later try, within the time of the page.

    Raises `SourceUnreachable` which says how often it was tried, and for how long.
    """
    began = time.monotonic()
    retry = Retry(total=limits.tries, backoff_factor=limits.pause, backoff_jitter=limits.pause)
    while True:
        try:
            return read()
        except MayPass as error:
            retry = retry.increment(error=error)
            pause = retry.get_backoff_time() if error.pause is None else error.pause
            too_long = not clock.left or pause > min(limits.longest_pause, clock.left)
            if too_long or len(retry.history) >= limits.tries:
                asks = error.pause if too_long else None
                raise _given_up(error, len(retry.history), time.monotonic() - began, asks) from error
            time.sleep(pause)


def asked_pause(response: BaseHTTPResponse) -> float | None:
    """The seconds of Retry-After (RFC 9110 §10.2.3), at most a day of them.

    None where it is missing or says neither seconds nor a date.
    """
    said = response.headers.get("Retry-After", "").strip()
    try:
        seconds = int(said) if said.isascii() and said.isdigit() else _seconds_to(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return float(min(max(seconds, 0), LONGEST_ASKED))


def _seconds_to(date: str) -> float:
    """Raises `ValueError`, `TypeError` or `OverflowError` for what is no date with a time zone."""
    return (parsedate_to_datetime(date) - datetime.now(timezone.utc)).total_seconds()


def _given_up(error: MayPass, tries: int, seconds: float, asks: float | None) -> SourceUnreachable:
    at_least = " at least" if asks == LONGEST_ASKED else ""
    asked = f", and asks to wait for{at_least} {asks:.0f} seconds" if asks is not None else ""
    tried = f" (tried {tries} times in {seconds:.0f} seconds)" if tries > 1 else ""
    return SourceUnreachable(error.url, f"{error.reason}{asked}{tried}", error.advice, error.code)
