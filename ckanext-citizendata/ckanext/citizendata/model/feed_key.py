"""The public keys of this site's feeds, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.citizendata.model.feed import FeedKey

__all__ = ["add", "every"]

_key: sa.Table = FeedKey.__table__  # type: ignore
Connection = sa.engine.Connection


def every(connection: Connection) -> Sequence[sa.Row[Any]]:
    """All keys, the one that signs now as the last."""
    return connection.execute(sa.select(_key).order_by(_key.c.since, _key.c.x)).all()


def add(connection: Connection, x: str, proof: str | None) -> None:
    """Note the key that signs from now on; it comes last, also where the clock was put back."""
    last = sa.select(sa.func.max(_key.c.since) + sa.text("interval '1 microsecond'")).scalar_subquery()
    since = sa.func.greatest(sa.func.clock_timestamp(), last)
    connection.execute(sa.insert(_key).values(x=x, proof=proof, since=since))
