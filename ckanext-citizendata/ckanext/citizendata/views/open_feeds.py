"""What changed, and what a search finds, as feeds for everyone."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.feeds.answer import Answer
from ckanext.citizendata.logic.feeds.change_feed import changes_answer
from ckanext.citizendata.logic.finding.search_feed import search_feed_answer
from ckanext.citizendata.logic.finding.search_table import search_table
from ckanext.citizendata.views.served import open_to_scripts, served

__all__ = ["open_feeds"]

CSV = "text/csv; charset=utf-8"

open_feeds = Blueprint("citizendata_open_feeds", __name__, url_prefix="/feed")


@open_feeds.get("/everyone/changes.json")
def changes() -> ResponseReturnValue:
    """What happened since a place in the list of changes."""
    return served(changes_answer(request.args), "application/json; charset=utf-8")


@open_feeds.get("/search.atom")
def search() -> ResponseReturnValue:
    """What a search finds, latest change first."""
    return served(search_feed_answer(request.args), "application/atom+xml; charset=utf-8")


@open_feeds.get("/search.csv")
def table() -> ResponseReturnValue:
    """The same as a table, sent line by line as it is found."""
    found = search_table(request.args)
    if isinstance(found, Answer):
        return served(found, CSV)
    response = Response(stream_with_context(found), content_type=CSV)
    response.headers["Content-Disposition"] = "attachment; filename=search.csv"
    return open_to_scripts(response)


@open_feeds.after_request
def answer_scripts(response: Response) -> Response:
    """Scripts of other sites ask first whether they may ask with a tag."""
    return open_to_scripts(response) if request.method == "OPTIONS" else response
