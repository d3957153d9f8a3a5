"""Rules for dates, numbers, addresses and geometries."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ckanext.citizendata.core import lexical
from ckanext.citizendata.core.conformance.geometry import is_geometry
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule
from ckanext.citizendata.core.conformance.texts import pattern_rule
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.terms import XSD

__all__ = ["SCALARS", "address_rule", "file_rule", "number_rule", "scalar_rule"]

DATE = N_("Write a year, a month or a day: 2023, 2023-04 or 2023-04-15.")
MAIL = N_("Write one e-mail address, as in data@example.org.")
PHONE = N_("Write the number with its country code, as in +254700000000.")
LINK = N_("Write a whole web address, as in https://example.org/data.")
FILE = N_("Write a whole web address, as in https://example.org/data.csv, or upload a file.")
GEOMETRY = N_('Write a GeoJSON geometry, as in {"type": "Point", "coordinates": [36.8, -1.3]}.')
WHOLE_NUMBER = N_("Write a whole number, as in 212.")
NUMBER = N_("Write a number, as in 92.5.")
AT_LEAST = N_("Write at least {limit}.")
AT_MOST = N_("Write at most {limit}.")
# What the mapping writes as digits.
LARGEST = 10**15 - 1


def _is_stored_phone(text: str) -> bool:
    return lexical.is_phone(text) and lexical.phone_digits(text) == text


Accepts = Callable[[str], bool]
# By kind: what is accepted, the code of the problem, and what would be right.
SCALARS: dict[str, tuple[Accepts, str, str]] = {
    "date": (lexical.is_date, "no_date", DATE),
    "email": (lexical.is_mail, "no_mail", MAIL),
    "phone": (_is_stored_phone, "no_phone", PHONE),
    "url": (lexical.is_link, "no_address", LINK),
    "geometry": (is_geometry, "no_geometry", GEOMETRY),
}


def scalar_rule(field: Field, kind: str) -> Rule:
    """One text of a kind (a key of `SCALARS`) that also matches the field's pattern."""
    accepts, code, advice = SCALARS[kind]
    return _accepting(field, accepts, code, advice)


def address_rule(field: Field) -> Rule:
    """Any absolute IRI: what a site derives isn't always on the web."""
    return _accepting(field, lexical.is_iri, "no_address", LINK)


def file_rule(field: Field) -> Rule:
    """Where a file can be fetched from."""
    return _accepting(field, lexical.is_file_address, "no_address", FILE)


def number_rule(field: Field) -> Rule:
    """A number within the field's bounds; a whole one for `integer`."""
    whole = field.kind == "integer"
    least = _least(field)
    most = LARGEST if field.limits.maximum is None else field.limits.maximum

    def rule(value: Any, path: str, report: Report) -> None:
        if not _is_number(value, whole):
            report.refuse(path, "no_number", field, value, WHOLE_NUMBER if whole else NUMBER)
        elif value < least:
            report.refuse(path, "too_small", field, value, AT_LEAST, limit=least)
        elif value > most:
            report.refuse(path, "too_large", field, value, AT_MOST, limit=most)

    return rule


def _accepting(field: Field, accepts: Accepts, code: str, advice: str) -> Rule:
    matches = pattern_rule(field)

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str) or not accepts(value):
            report.refuse(path, code, field, value, advice)
        elif matches is not None:
            matches(value, path, report)

    return rule


def _least(field: Field) -> int:
    if field.limits.minimum is not None:
        return field.limits.minimum
    shape = field.shape.value or field.shape if field.shape else None
    return 0 if shape is not None and shape.datatype == XSD.nonNegativeInteger else -LARGEST


def _is_number(value: Any, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or (math.isfinite(value) and (not whole or value.is_integer()))
