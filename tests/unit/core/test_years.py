"""Years that are asked for, and periods of records."""

from typing import Any

import pytest

from ckanext.citizendata.core.years import END, START, overlap, span, year


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2021", 2021), (" 1999 ", 1999), ("٢٠٢١", 2021), ("", None), ("21", None), ("20211", None), ("²021", None)]
    + [("0000", None), ("-202", None), ("2o21", None)],
)
def test_year(text: str, expected: int | None) -> None:
    """Four figures of whatever script."""
    assert year(text) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, ""),
        (2019, None, f"{END}:[2019-01-01T00:00:00Z TO *]"),
        (None, 2020, f"{START}:[* TO 2020-12-31T23:59:59Z]"),
        (2019, 2020, f"{END}:[2019-01-01T00:00:00Z TO *] {START}:[* TO 2020-12-31T23:59:59Z]"),
    ],
)
def test_overlap(start: int | None, end: int | None, expected: str) -> None:
    """What ends after the first year began, and began before the last year ended."""
    assert overlap(start, end) == expected


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([{"start": "2023", "end": "2024"}], ("2023-01-01", "2024-12-31")),
        ([{"start": "2023-02", "end": "2024-02"}], ("2023-02-01", "2024-02-29")),
        ([{"start": "2023-02-03", "end": "2023-02-03T10:00:00"}], ("2023-02-03", "2023-02-03")),
        ([{"start": "2021", "end": "2022"}, {"start": "2018", "end": "2019"}], ("2018-01-01", "2022-12-31")),
        ([{"start": "2021"}], ("2021-01-01", "9999-12-31")),
        ([{"end": "2021"}], ("0001-01-01", "2021-12-31")),
        ([{"start": "2021-13", "end": "2021-12"}], ("0001-01-01", "2021-12-31")),
        ([{"start": "2021-02-30"}, {"start": "0000"}, {"start": "soon"}, {}, "2021"], None),
        ([], None),
        (None, None),
        ("2021", None),
    ],
)
def test_span(periods: Any, expected: tuple[str, str] | None) -> None:
    """The earliest start and the latest end; what is no date counts as not told."""
    found = {START: f"{expected[0]}T00:00:00Z", END: f"{expected[1]}T23:59:59Z"} if expected else {}

    assert span(periods) == found
