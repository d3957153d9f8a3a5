"""The period that the data speak about, in the search: kept with each document, asked for by years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.citizendata.core.years import overlap, span, year
from ckanext.citizendata.logic.wording import _

__all__ = ["FROM", "TO", "Years", "asked_years", "with_period", "years_of"]

PERIOD = "temporal_coverage"
FROM, TO = "ext_from", "ext_to"


@dataclass(frozen=True)
class Years:
    """The years as somebody wrote them, and the sentence that says what is wrong with each, if anything is."""

    start: str = ""
    end: str = ""
    wrong_start: str = ""
    wrong_end: str = ""

    @property
    def filter(self) -> str:
        """The filter for records with a period in these years; empty where none is asked for or one is wrong."""
        return "" if self.wrong_start or self.wrong_end else overlap(year(self.start), year(self.end))

    @property
    def text(self) -> str:
        """The years as one reads them."""
        return self.start if self.start == self.end else f"{self.start} – {self.end}".strip()


def with_period(document: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with the first and the last moment that the package, as it may be shown, speaks about."""
    return {**document, **span(package.get(PERIOD))}


def asked_years() -> Years:
    """The years that the address of this page asks for."""
    return years_of(tk.request.args) if has_request_context() else Years()


def years_of(said: Mapping[str, Any]) -> Years:
    """The years among the parameters of a search.

    :param said: `ext_from` and `ext_to` as they came.
    """
    start, end = (_text(said.get(name)) for name in (FROM, TO))
    wrong_start, wrong_end = (_wrong(text) for text in (start, end))
    first, last = year(start), year(end)
    if first and last and first > last:
        wrong_end = _("The last year is before the first one.")
    return Years(start, end, wrong_start, wrong_end)


def _text(value: object) -> str:
    """A parameter that was given several times counts as it was given first."""
    first = next(iter(value), "") if isinstance(value, list | tuple) else value
    return str(first or "").strip()


def _wrong(text: str) -> str:
    return "" if not text or year(text) else _("Write a year in four figures, for example 2021.")
