"""Who may read the feeds that aren't for everyone; a token itself is kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.model.feed import FeedToken

__all__ = ["add", "every", "is_good", "revoke"]

_token: sa.Table = FeedToken.__table__  # type: ignore
IS_GOOD = sa.and_(_token.c.revoked.is_(None), _token.c.expires > sa.func.clock_timestamp())


def add(values: dict[str, Any]) -> None:
    """Remember a token by its hash."""
    model.Session.execute(sa.insert(_token).values(**values))


def is_good(feed: str, hashed: str) -> bool:
    """Whether a token opens a feed now."""
    query = sa.select(sa.exists().where(_token.c.feed == feed, _token.c.hash == hashed, IS_GOOD))
    return bool(model.Session.execute(query).scalar())


def every() -> Sequence[sa.Row[Any]]:
    """All tokens, the newest first, with `is_good`: whether it opens its feed now."""
    columns = (_token.c[name] for name in ("id", "feed", "holder", "created", "expires", "revoked"))
    return model.Session.execute(sa.select(*columns, IS_GOOD.label("is_good")).order_by(_token.c.created.desc())).all()


def revoke(token_id: str) -> datetime | None:
    """When the token of this id ended, which is now if it hadn't before; None where there is none."""
    ended = sa.func.coalesce(_token.c.revoked, sa.func.clock_timestamp())
    change = sa.update(_token).where(_token.c.id == token_id).values(revoked=ended).returning(_token.c.revoked)
    return model.Session.execute(change).scalar()
