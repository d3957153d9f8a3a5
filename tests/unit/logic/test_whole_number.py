"""Numbers in addresses."""

from __future__ import annotations

import pytest

from ckanext.citizendata.logic.whole_number import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("010", 10),
        ("100", 100),
        ("101", None),
        ("0100", None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        (" 1", None),
        ("١", None),
        ("²", None),
        ("1" * 10_000, None),
    ],
)
def test_takes_plain_digits(text: str, number: int | None) -> None:
    """Up to the greatest; nothing that has to be read at length."""
    assert whole_number(text, 100) == number
