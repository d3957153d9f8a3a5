"""The sitemap: a list of parts, and each part, streamed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.sitemap import index_of_parts, is_start, part
from ckanext.citizendata.views.served import packs, served

__all__ = ["sitemap"]

sitemap = Blueprint("citizendata_sitemap", __name__)

XML = "application/xml; charset=utf-8"
# What zlib calls gzip with the largest window.
GZIP_WINDOW = 31


@sitemap.get("/sitemap.xml")
def parts() -> ResponseReturnValue:
    """The list of parts."""
    body = index_of_parts()
    return served(Answer(200, lambda: Rendering(body), revision=revision(body)), XML)


@sitemap.get("/sitemap/part.xml")
def pages() -> ResponseReturnValue:
    """The pages of one part."""
    start = request.args.get("start", "")
    if not is_start(start):
        return served(refusal(400, tk._("start: this is no part of the list of pages; /sitemap.xml names them.")), XML)
    return _streamed(part(start))


def _streamed(pieces: Iterator[bytes]) -> Response:
    packed = packs()
    response = Response(_packed(pieces) if packed else pieces, content_type=XML)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=GZIP_WINDOW)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
