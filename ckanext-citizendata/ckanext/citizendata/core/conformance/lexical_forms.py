"""What the literals of a datatype look like (https://www.w3.org/TR/xmlschema11-2/)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ckanext.citizendata.core.lexical import is_date
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import Token, is_literal, lexical, token

__all__ = ["is_of_datatype", "is_some_date"]

ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
DURATION = r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
TIME = r"T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
FORMS: Mapping[Token, re.Pattern[str]] = {
    token(XSD[name]): re.compile(form)
    for name, form in {
        "date": rf"(-?\d{{4,}}-\d\d-\d\d){ZONE}",
        "dateTime": rf"(-?\d{{4,}}-\d\d-\d\d){TIME}{ZONE}",
        "gYear": rf"(-?\d{{4,}}){ZONE}",
        "gYearMonth": rf"(-?\d{{4,}}-\d\d){ZONE}",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "nonNegativeInteger": r"\+?\d+|-0+",
        "duration": DURATION,
        "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    }.items()
}
DATES = tuple(token(XSD[name]) for name in ("date", "dateTime", "gYear", "gYearMonth"))
# Years that Python's calendar doesn't have are taken as they are.
OUR_YEARS = re.compile(r"(?!0000)\d{4}(?:-|$)")


def is_of_datatype(term: Token, datatype: Token) -> bool:
    """Whether the term is a literal of the datatype, and well-formed; of an unknown datatype any text is."""
    if not is_literal(term):
        return False
    text, behind = lexical(term)
    if behind != f"^^{datatype}":
        return False
    form = FORMS.get(datatype)
    found = form.fullmatch(text) if form else None
    return form is None or (found is not None and _is_on_calendar(found, datatype))


def is_some_date(term: Token) -> bool:
    """Whether the term is a date of DCAT-AP: xsd:date, xsd:dateTime, xsd:gYear or xsd:gYearMonth."""
    return any(is_of_datatype(term, datatype) for datatype in DATES)


def _is_on_calendar(found: re.Match[str], datatype: Token) -> bool:
    if datatype not in DATES or not OUR_YEARS.match(found[1]):
        return True
    return is_date(found[1])
