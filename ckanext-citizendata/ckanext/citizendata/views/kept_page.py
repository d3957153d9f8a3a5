"""Pages that a reader who has them needn't fetch again."""

from __future__ import annotations

import re

from flask import Response, request

from ckanext.citizendata.feeds.revision import revision

__all__ = ["kept_page"]

# What CKAN writes anew into each page, against forms that other sites send.
TOKEN = re.compile(r'<[^<>]*name="_csrf_token"[^<>]*>')


def kept_page(page: str) -> Response:
    """The page with a tag by what it says; 304 where the reader has it."""
    tag = revision(TOKEN.sub("", page))
    response = Response(status=304) if request.if_none_match.contains_weak(tag) else Response(page)
    # Weak, since pages that say the same have other tokens.
    response.set_etag(tag, weak=True)
    response.vary.add("Cookie")
    return response
