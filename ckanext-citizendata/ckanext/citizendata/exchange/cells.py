"""One cell and the value of a field, each from the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.citizendata.core.lexical import strange_character
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.exchange.lists import SEPARATORS, Choices

__all__ = ["CELL_LENGTH", "cell_from_value", "value_from_cell"]

# The longest text that a cell of Excel can hold.
CELL_LENGTH = 32_767
CODES = ("code", "codes", "format")
ADDRESSES = re.compile(r"\s*[;؛；]?\s+")
# What of a date a cell shows: [$-409] and quoted text are no part of it, nor are minutes.
NOT_OF_A_DATE = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|[hs]+:?m+|m+:?s+', re.IGNORECASE)


def value_from_cell(field: Field, cell: Any, number_format: str, choices: Mapping[str, Choices]) -> Any:
    """The value that a cell gives to a field, None for nothing; what can't be understood stays a text as it was typed.

    A cell of Excel with the date 1 April 2023 shown as "Apr-23" gives 2023-04.
    """
    if field.is_number:
        return _number(cell)
    text = _text(cell, number_format)
    if not text.strip():
        return None
    if field.kind in CODES and field.vocabulary in choices:
        return _codes(field, text.strip(), choices[str(field.vocabulary)])
    if field.kind == "urls":
        return [part for part in ADDRESSES.split(text.strip()) if part]
    if field.kind in ("keywords", "lines"):
        return _items(text)
    return text if field.kind == "text" else text.strip()


def cell_from_value(field: Field, value: Any, choices: Mapping[str, Choices]) -> str | int | float | None:
    """What to write into a cell so that `value_from_cell` gives the value again; None for what no cell can hold."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    listed = field.vocabulary if field.kind in CODES else None
    words = choices.get(str(listed)) if listed else None
    parts = [_written(words, part) for part in (value if isinstance(value, (list, tuple)) else [value])]
    text = _joined(field, parts) if isinstance(value, (list, tuple)) else "".join(parts)
    return None if len(text) > CELL_LENGTH or strange_character(text) or not text.strip() else text


def _written(words: Choices | None, part: Any) -> str:
    return words.text(str(part)) if words else str(part)


def _joined(field: Field, parts: Sequence[str]) -> str:
    if field.kind == "urls":
        return "\n".join(parts)
    if field.kind in ("keywords", "lines") and any(SEPARATORS.search(part) for part in parts):
        # A line break at the end says that the semicolons aren't between the words.
        return "".join(f"{part}\n" for part in parts)
    return "; ".join(parts)


def _codes(field: Field, text: str, words: Choices) -> Any:
    return words.codes(text) if field.many else words.code(text) or text


def _items(text: str) -> list[str]:
    parts = text.split("\n") if "\n" in text else SEPARATORS.split(text)
    return [part.strip() for part in parts if part.strip()]


def _number(cell: Any) -> int | float | str | None:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None if cell is None else _text(cell, "")
    try:
        exact = Decimal(re.sub(r"[\s\u00a0\u202f]", "", str(cell)))
    except InvalidOperation:
        return str(cell).strip() or None
    if not exact.is_finite():
        return str(cell).strip()
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _text(cell: Any, number_format: str) -> str:
    if isinstance(cell, datetime):
        return _shown_date(cell.date(), number_format)
    if isinstance(cell, date):
        return _shown_date(cell, number_format)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return "" if cell is None else str(cell).replace("\r\n", "\n")


def _shown_date(day: date, number_format: str) -> str:
    """As much of the day as the cell shows."""
    shown = NOT_OF_A_DATE.sub("", number_format).lower()
    if "d" in shown or not ("y" in shown or "m" in shown):
        return day.isoformat()
    return day.isoformat()[:7] if "m" in shown else day.isoformat()[:4]
