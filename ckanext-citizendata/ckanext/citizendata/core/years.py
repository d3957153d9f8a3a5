"""The years that somebody asks for, and those that a record speaks about."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["END", "START", "overlap", "span", "year"]

# The stock Solr schema keeps `*_date` as one moment.
START, END = "reference_start_date", "reference_end_date"
# What goes on has no end yet; of what began nobody knows when, all earlier years may be part.
FIRST, LAST = "0001-01-01", "9999-12-31"
LENGTHS = ((4,), (4, 2), (4, 2, 2))


def year(text: str) -> int | None:
    """The year that four figures of whatever script write, else None."""
    figures = text.strip()
    return (int(figures) or None) if len(figures) == 4 and figures.isdecimal() else None


def overlap(start: int | None, end: int | None) -> str:
    """The filter for records whose period lies in these years, at least in part; empty where no year is given."""
    from_then = f"{END}:[{start:04}-01-01T00:00:00Z TO *]" if start else ""
    until_then = f"{START}:[* TO {end:04}-12-31T23:59:59Z]" if end else ""
    return " ".join(each for each in (from_then, until_then) if each)


def span(periods: Any) -> dict[str, str]:
    """The first and the last moment of all periods, by their field in Solr; none where no period tells a date.

    `[{"start": "2021-02", "end": "2021"}, {"start": "2023"}]` gives the first of February 2021 and the last day there
    is, since the second period goes on.
    """
    told = [each for each in map(_bounds, _mappings(periods)) if each]
    if not told:
        return {}
    starts, ends = zip(*told, strict=True)
    return {START: f"{min(starts)}T00:00:00Z", END: f"{max(ends)}T23:59:59Z"}


def _bounds(period: Mapping[str, Any]) -> tuple[str, str] | None:
    start, end = (_days(period.get(side)) for side in ("start", "end"))
    return (start[0] if start else FIRST, end[1] if end else LAST) if start or end else None


def _days(stated: object) -> tuple[str, str] | None:
    """The first and the last day of a stated year, month or day; None for what is no date."""
    parts = str(stated or "")[:10].split("-")
    if tuple(map(len, parts)) not in LENGTHS or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    (first_month, last_month) = (numbers[1],) * 2 if len(parts) > 1 else (1, 12)
    if not numbers[0] or not 1 <= first_month <= 12:
        return None
    length = monthrange(numbers[0], last_month)[1]
    (first_day, last_day) = (numbers[2],) * 2 if len(parts) > 2 else (1, length)
    if not 1 <= last_day <= length:
        return None
    return f"{parts[0]}-{first_month:02}-{first_day:02}", f"{parts[0]}-{last_month:02}-{last_day:02}"


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []
