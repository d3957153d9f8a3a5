"""Where catalogues tell a registry that something is new: the protocol's `/feed/ping`."""

from __future__ import annotations

from datetime import datetime, timezone

from flask import Blueprint, Response, request

from ckanext.citizendata.logic.harvesting.pings import LARGEST, heard

__all__ = ["ping"]

ping = Blueprint("citizendata_ping", __name__)


@ping.post("/feed/ping")
def receive() -> Response:
    """One sentence, with the status that the protocol gives to it."""
    # One byte more tells that it is too large, however large it says that it is.
    answer = heard(request.stream.read(LARGEST + 1), datetime.now(timezone.utc))
    response = Response(f"{answer.sentence}\n", answer.status, content_type="text/plain; charset=utf-8")
    if answer.again:
        response.headers["Retry-After"] = str(answer.again)
    return response
