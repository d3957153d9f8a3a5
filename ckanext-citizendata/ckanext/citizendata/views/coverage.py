"""Who is represented and who is not: a page for people, and the same numbers as CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.core.coverage import ALL, COUNTRY
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.pages.coverage import counted_now, country_named, lists
from ckanext.citizendata.logic.pages.coverage_files import STATEMENT, Table
from ckanext.citizendata.logic.pages.coverage_shown import picture
from ckanext.citizendata.logic.reading import reader_language
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.views.kept_page import kept_page
from ckanext.citizendata.views.served import served

__all__ = ["coverage"]

coverage = Blueprint("citizendata_coverage", __name__)

CSV, JSON = "text/csv; charset=utf-8", "application/json; charset=utf-8"


@coverage.get("/coverage")
def page() -> ResponseReturnValue:
    """The grid of all countries or of one, and what its numbers don't say."""
    country = _country()
    shown = picture(country or ALL)
    words = {"picture": shown, "statement": STATEMENT, "unknown": country is None}
    found = tk.render("citizendata/coverage/page.html", extra_vars=words)
    return kept_page(found) if country else (found, 404)


@coverage.get("/coverage.csv")
def as_csv() -> Response:
    """The cells with records, a line each."""
    return _served(CSV, Table.csv)


@coverage.get("/coverage.json")
def as_json() -> Response:
    """The same as one object."""
    return _served(JSON, Table.json)


def _country() -> str | None:
    """The country that is asked for, `ALL` where none is, None for one that isn't in the list."""
    asked = request.args.get(COUNTRY, "").strip()
    return country_named(asked) if asked else ALL


def _served(content_type: str, written: Callable[[Table], str]) -> Response:
    country = _country()
    if country is None:
        return served(refusal(404, tk._("country: there is no such country in the list.")), content_type)
    now = counted_now()
    table = Table(now.coverage, lists(), reader_wording(), country)
    state = revision(now.revision, content_type, reader_language(), country)
    return served(Answer(200, lambda: Rendering(written(table).encode()), revision=state), content_type)
