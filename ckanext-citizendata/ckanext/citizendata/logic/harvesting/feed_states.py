"""What is known of members' signed feeds, in its table, and what a person decides about it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.federation.feed_state import FeedState, FeedStates
from ckanext.citizendata.logic.values.storable import storable
from ckanext.citizendata.model import member_feed

__all__ = ["Afresh", "SqlFeedStates", "approved", "feed_shown", "trusted"]

NAMES = (
    "catalogue", "audience", "key", "epoch", "sequence", "payload", "expires", "etag", "read_whole", "wanted",
    "approved_epoch",
)  # fmt: skip


class SqlFeedStates:
    """As `federation.feed_state.FeedStates`."""

    def of(self, member_id: str) -> FeedState | None:
        row = member_feed.of(member_id)
        if row is None:
            return None
        known = {name: getattr(row, name) for name in NAMES}
        return FeedState(**known, pages=tuple(row.pages), distrusted=frozenset(row.distrusted))

    def accept(self, member_id: str, state: FeedState) -> None:
        # What only a person writes is left as it is.
        ours = {"wanted", "approved_epoch", "distrusted"}
        values = {name: value for name, value in asdict(state).items() if name not in ours}
        values |= {"pages": list(state.pages)}
        member_feed.accept(member_id, storable(values), state.wanted)
        model.Session.commit()

    def wait(self, member_id: str, x: str, epoch: int) -> None:
        model.Session.rollback()
        member_feed.wait(member_id, storable(x) or None, epoch or None)
        model.Session.commit()


class Afresh:
    """The same, but as if no page had been read yet, so that all are."""

    def __init__(self, states: FeedStates) -> None:
        self._states = states

    def of(self, member_id: str) -> FeedState | None:
        known = self._states.of(member_id)
        return known and replace(known, read_whole=None)

    def accept(self, member_id: str, state: FeedState) -> None:
        self._states.accept(member_id, state)

    def wait(self, member_id: str, x: str, epoch: int) -> None:
        self._states.wait(member_id, x, epoch)


def feed_shown(member_id: str) -> dict[str, Any]:
    """What is known of a member's signed feed, as actions show it.

    Raises `ObjectNotFound` where none was read.
    """
    row = _row(member_id)
    return {
        "id": member_id,
        "catalogue": row.catalogue,
        "key": PublicKey(row.key).kid,
        "x": row.key,
        "epoch": row.epoch,
        "sequence": row.sequence,
        "expires": row.expires.isoformat(),
        "read_whole": row.read_whole and row.read_whole.isoformat(),
        "waiting_key": row.waiting_key and PublicKey(row.waiting_key).kid,
        "waiting_epoch": row.waiting_epoch,
        "approved_epoch": row.approved_epoch,
    }


def trusted(member_id: str, kid: str) -> None:
    """Let the key that waits be the member's, and the one before it nobody's.

    Raises `ObjectNotFound` where no signed feed was read, and `ValidationError` where another key waits or none.
    """
    row = _row(member_id)
    waits = row.waiting_key and PublicKey(row.waiting_key).kid
    if not waits or waits != kid:
        found = f"the key that waits is {waits}" if waits else "no key waits for a decision"
        raise tk.ValidationError({"key": [f"{kid[:80]!r} can't be accepted: {found}"]})
    member_feed.trust(member_id, row.waiting_key, sorted({*row.distrusted, row.key}))
    model.Session.commit()


def approved(member_id: str, epoch: int) -> None:
    """Let the member's feed count anew from the epoch that waits.

    Raises `ObjectNotFound` where no signed feed was read, and `ValidationError` where another epoch waits or none.
    """
    row = _row(member_id)
    if row.waiting_epoch != epoch:
        found = f"{row.waiting_epoch} waits" if row.waiting_epoch else "none waits for a decision"
        raise tk.ValidationError({"epoch": [f"{epoch} can't be approved: {found}"]})
    member_feed.approve(member_id, epoch)
    model.Session.commit()


def _row(member_id: str) -> sa.Row[Any]:
    row = member_feed.of(member_id)
    if row is None:
        message = f"No signed feed of {member_id} was read yet; do it with: ckan citizendata harvest run {member_id}"
        raise tk.ObjectNotFound(message)
    return row
