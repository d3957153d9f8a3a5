"""What is known of the signed feeds of members, and what waits for a person about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert

__all__ = ["MemberFeed", "accept", "approve", "of", "remove", "trust", "wait", "waiting", "want_whole"]


class MemberFeed(tk.BaseModel):
    """The signed feed of one member as it was last read well; `federation.feed_state` says what each column is.

    `waiting_key` and `waiting_epoch` are what was refused since, till a person decides.
    """

    __tablename__ = "citizendata_member_feed"

    member_id = sa.Column(sa.UnicodeText, primary_key=True)
    catalogue = sa.Column(sa.UnicodeText, nullable=False)
    audience = sa.Column(sa.UnicodeText, nullable=False)
    key = sa.Column(sa.UnicodeText, nullable=False)
    epoch = sa.Column(sa.BigInteger, nullable=False)
    sequence = sa.Column(sa.BigInteger, nullable=False)
    payload = sa.Column(sa.UnicodeText, nullable=False)
    expires = sa.Column(sa.DateTime(timezone=True), nullable=False)
    etag = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    pages = sa.Column(JSONB, nullable=False, server_default="[]")
    read_whole = sa.Column(sa.DateTime(timezone=True))
    wanted = sa.Column(sa.DateTime(timezone=True))
    approved_epoch = sa.Column(sa.BigInteger)
    distrusted = sa.Column(JSONB, nullable=False, server_default="[]")
    waiting_key = sa.Column(sa.UnicodeText)
    waiting_epoch = sa.Column(sa.BigInteger)


_feed: sa.Table = MemberFeed.__table__  # type: ignore


def of(member_id: str) -> sa.Row[Any] | None:
    """The feed of this member."""
    return model.Session.execute(sa.select(_feed).where(_feed.c.member_id == member_id)).first()


def waiting() -> Sequence[sa.Row[Any]]:
    """The feeds about which a person has to decide."""
    waits = sa.or_(_feed.c.waiting_key.is_not(None), _feed.c.waiting_epoch.is_not(None))
    return model.Session.execute(sa.select(_feed).where(waits).order_by(_feed.c.member_id)).all()


def accept(member_id: str, values: Mapping[str, Any], wanted: Any) -> None:
    """Write what is known of a feed now; nothing waits any more.

    What a person asked for since `wanted` stays asked for.
    """
    asked = sa.case((_feed.c.wanted.is_not_distinct_from(wanted), sa.null()), else_=_feed.c.wanted)
    known = {**values, "waiting_key": None, "waiting_epoch": None}
    statement = insert(_feed).values(member_id=member_id, **known)
    # A person may have taken the key from the feed while it was read.
    is_trusted = sa.not_(_feed.c.distrusted.contains([values["key"]]))
    changed = {**known, "wanted": asked}
    again = statement.on_conflict_do_update(index_elements=["member_id"], set_=changed, where=is_trusted)
    model.Session.execute(again)


def wait(member_id: str, x: str | None, epoch: int | None) -> None:
    """Note what a person has to decide about."""
    _write(member_id, {"waiting_key": x, "waiting_epoch": epoch})


def want_whole(member_id: str) -> None:
    """Have all of the feed read again with the next harvest; nothing happens for a member without a signed feed."""
    _write(member_id, {"wanted": sa.func.clock_timestamp()})


def trust(member_id: str, x: str, distrusted: Sequence[str]) -> None:
    """Let this be the key of the feed from now on, and these no more; all of it is read again."""
    changed = {"key": x, "distrusted": list(distrusted), "waiting_key": None, "wanted": sa.func.clock_timestamp()}
    _write(member_id, changed)


def approve(member_id: str, epoch: int) -> None:
    """Let the feed count anew from this epoch on."""
    _write(member_id, {"approved_epoch": epoch, "waiting_epoch": None})


def remove(member_id: str) -> None:
    """Forget the feed."""
    model.Session.execute(sa.delete(_feed).where(_feed.c.member_id == member_id))


def _write(member_id: str, values: Mapping[str, Any]) -> None:
    model.Session.execute(sa.update(_feed).where(_feed.c.member_id == member_id).values(**values))
