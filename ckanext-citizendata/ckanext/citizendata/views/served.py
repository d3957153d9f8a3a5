"""Answers over HTTP: cheap to ask for again, packed, and open to pages of other sites where everyone may read them."""

from __future__ import annotations

import gzip
from datetime import datetime

from flask import Response, request

from ckanext.citizendata.feeds.face import FACES
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.logic.feeds.answer import Answer, Damaged, refusal

__all__ = ["open_to_scripts", "packs", "served"]

GZIP = "gzip"
# What a script of another site may read beyond the few headers that it always may (Fetch Standard §3.2.6).
EXPOSED = "Citizendata-Withheld, ETag, Link, Retry-After"
ASKED_WITH = "If-Modified-Since, If-None-Match"
WITHHELD = "Citizendata-Withheld"


def served(answer: Answer, content_type: str) -> Response:
    """The answer, or 304 where the reader has it already; sentences are plain text."""
    try:
        response = _response(answer, content_type)
    except Damaged as error:
        response = _response(refusal(500, error.sentence), content_type)
    for link in answer.links:
        response.headers.add("Link", link)
    return response


def open_to_scripts(response: Response) -> Response:
    """The same response, which pages of every other site may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = ASKED_WITH
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def packs() -> bool:
    """Whether the reader takes what is packed with gzip."""
    return request.accept_encodings[GZIP] > 0


def _response(answer: Answer, content_type: str) -> Response:
    if answer.private:
        # Else CKAN adds `public` to what only this reader may see. Nor is it packed: the size would tell of it.
        request.environ["__no_cache__"] = True
        return _answered(answer, content_type, answer.revision)
    response = _answered(answer, content_type, _tag(answer))
    if packs() and response.status_code != 304:
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = GZIP
    response.vary.add("Accept-Encoding")
    return open_to_scripts(response)


def _answered(answer: Answer, content_type: str, tag: str) -> Response:
    if tag and _is_known(tag, answer.modified):
        response = Response(status=304)
    elif answer.render is None:
        response = Response(f"{answer.sentence}\n", answer.status, content_type="text/plain; charset=utf-8")
    else:
        response = _rendered(answer.render(), answer.status, content_type)
    if tag:
        response.set_etag(tag)
    if answer.modified:
        response.last_modified = answer.modified
    if answer.status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _rendered(rendering: Rendering, status: int, content_type: str) -> Response:
    response = Response(rendering.body, status, content_type=content_type)
    if any(content_type == face.content_type for face in FACES):
        response.headers[WITHHELD] = str(rendering.withheld)
    return response


def _tag(answer: Answer) -> str:
    """The name of these very bytes: what is packed has another one (RFC 9110 §8.8.3.3)."""
    return f"{answer.revision}-{GZIP}" if answer.revision and packs() else answer.revision


def _is_known(tag: str, modified: datetime | None) -> bool:
    """Whether the reader says that it has this state; a date counts only where it names no tag (RFC 9110 §13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return modified is not None and since is not None and modified.replace(microsecond=0) <= since
