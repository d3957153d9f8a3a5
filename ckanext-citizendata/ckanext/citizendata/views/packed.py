"""Pages, style sheets and scripts as few bytes on the line: packed with gzip for every reader that unpacks it."""

from __future__ import annotations

import secrets
from gzip import GzipFile
from io import BytesIO

from flask import Blueprint, Response

from ckanext.citizendata.views.served import GZIP, packs

__all__ = ["packed"]

packed = Blueprint("citizendata_packed", __name__)

PACKED = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})
WITHOUT_BODY = (204, 206, 304)
# What people put up may be of any size; it is passed on as it is.
LARGEST_FILE = 2 * 1024 * 1024
LONGEST_NAME = 100


@packed.after_app_request
def pack(response: Response) -> Response:
    """The same answer, packed where it is text for a browser and the browser says that it unpacks."""
    if not _can_be_packed(response):
        return response
    response.vary.add("Accept-Encoding")
    if packs():
        response.direct_passthrough = False
        response.set_data(_of_uncertain_length(response.get_data()))
        response.headers["Content-Encoding"] = GZIP
        _weaken_tag(response)
    return response


def _can_be_packed(response: Response) -> bool:
    """Whether it is text at hand as a whole, or a file of moderate size."""
    is_file = response.direct_passthrough and (response.content_length or 0) <= LARGEST_FILE
    return (
        (is_file or not response.is_streamed)
        and response.mimetype in PACKED
        and response.status_code not in WITHOUT_BODY
        and "Content-Encoding" not in response.headers
    )


def _of_uncertain_length(body: bytes) -> bytes:
    """The body packed, under a name of random length.

    Else the length of a page would tell, try by try, of a secret in it to who can make a browser ask for it (BREACH).
    """
    whole = BytesIO()
    name = "a" * (1 + secrets.randbelow(LONGEST_NAME))
    with GzipFile(name, "wb", compresslevel=6, fileobj=whole, mtime=0) as file:
        file.write(body)
    return whole.getvalue()


def _weaken_tag(response: Response) -> None:
    """Let a tag stand for the packed bytes too (RFC 9110 §8.8.1), so that a reader still asks by it."""
    tag, _is_weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
