"""What a reader is told who may not have a feed."""

from __future__ import annotations

from ckan import model

from ckanext.citizendata.feeds.addresses import EVERYONE
from ckanext.citizendata.feeds.sending import Refusal
from ckanext.citizendata.logic.feeds.feed_tokens import is_allowed

__all__ = ["refused_reader"]

BEARER = "bearer "
# Longer ones aren't ours.
LONGEST = 512
WITHOUT = "This feed is for those who were given a token. Send it in the header Authorization, as: Bearer <token>."
INVALID = "This token isn't one of this feed, or isn't valid any more. Ask the people of this catalogue for a new one."


def refused_reader(feed: str, authorization: str) -> Refusal | None:
    """Why this reader may not have a feed, None where she may; whether there is such a feed is told to no one else.

    :param authorization: the header as it came.
    """
    if feed == EVERYONE:
        return None
    token = authorization[len(BEARER) :].strip() if authorization[: len(BEARER)].lower() == BEARER else ""
    if not token:
        return _refusal(WITHOUT, "Bearer")
    try:
        good = len(token) <= LONGEST and is_allowed(feed, token)
    finally:
        # There is no request of CKAN that would give the connection back.
        model.Session.remove()
    return None if good else _refusal(INVALID, 'Bearer error="invalid_token"')


def _refusal(sentence: str, challenge: str) -> Refusal:
    return Refusal(401, sentence, (), {"WWW-Authenticate": challenge, "Vary": "Authorization"})
