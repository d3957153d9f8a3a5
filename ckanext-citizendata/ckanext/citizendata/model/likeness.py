"""What records of different members have in common, as keyed hashes, and the pairs that were found to look alike.

A pair is only ever listed: it stands here so that a decision about it is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model import put
from ckanext.citizendata.model.record import Record

__all__ = ["Likeness", "Match", "decide", "note", "pairs", "remove_of"]


class Likeness(tk.BaseModel):
    """What one member's record is recognised by."""

    __tablename__ = "citizendata_likeness"
    __table_args__ = (
        sa.Index("citizendata_likeness_identifier_idx", "identifier", "member_id"),
        sa.Index("citizendata_likeness_wording_idx", "wording", "member_id"),
    )

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    member_id = sa.Column(sa.UnicodeText, nullable=False)
    identifier = sa.Column(sa.UnicodeText)
    wording = sa.Column(sa.UnicodeText)


class Match(tk.BaseModel):
    """Two packages that looked alike once, the lower id on the left, and what a person decided about them."""

    __tablename__ = "citizendata_match"
    __table_args__ = (sa.UniqueConstraint("left_id", "right_id", name="citizendata_match_pair_key"),)

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    left_id = sa.Column(sa.UnicodeText, nullable=False)
    right_id = sa.Column(sa.UnicodeText, nullable=False)
    found = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    decision = sa.Column(sa.UnicodeText)
    decided = sa.Column(sa.DateTime(timezone=True))


_likeness: sa.Table = Likeness.__table__  # type: ignore
_match: sa.Table = Match.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore

# Of the members before and behind a record's own the nearest that has its like: however many records look alike, each
# makes four pairs at most, and each is found by one step into an index.
NEAREST = (
    "(SELECT package_id FROM citizendata_likeness WHERE {key} = mine.{key} AND member_id {sign} mine.member_id"
    " ORDER BY member_id {order} LIMIT 1)"
)
FIND = sa.text(
    "INSERT INTO citizendata_match (left_id, right_id)"
    " SELECT DISTINCT least(mine.package_id, other.package_id), greatest(mine.package_id, other.package_id)"
    " FROM citizendata_likeness AS mine CROSS JOIN LATERAL ("
    + " UNION ALL ".join(
        NEAREST.format(key=key, sign=sign, order=order)
        for key in ("identifier", "wording")
        for sign, order in (("<", "DESC"), (">", "ASC"))
    )
    + ") AS other WHERE mine.package_id = ANY(:ids) ORDER BY 1, 2 ON CONFLICT DO NOTHING"
)


def note(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Replace what these records are recognised by, and add the pairs that look alike."""
    put.replace(connection, _likeness, rows, ["package_id"])
    if rows:
        connection.execute(FIND, {"ids": [row["package_id"] for row in rows]})


def pairs(after: int, limit: int, decided: bool) -> Sequence[sa.Row[Any]]:
    """Pairs with numbers above `after` that still look alike and stand here, both; those that a person decided about,
    or those that wait for it.
    """
    left, right = _likeness.alias("l"), _likeness.alias("r")
    same_identifier, same_wording = left.c.identifier == right.c.identifier, left.c.wording == right.c.wording
    told = sa.func.coalesce(same_identifier, sa.false()).label("same_identifier")
    query = (
        sa.select(_match, told, sa.func.coalesce(same_wording, sa.false()).label("same_wording"))
        .join(left, left.c.package_id == _match.c.left_id)
        .join(right, right.c.package_id == _match.c.right_id)
        .where(_match.c.id > after, sa.or_(same_identifier, same_wording), left.c.member_id != right.c.member_id)
        .where(_match.c.decision.is_not(None) if decided else _match.c.decision.is_(None))
        .where(*(_stands(each) for each in (_match.c.left_id, _match.c.right_id)))
    )
    return model.Session.execute(query.order_by(_match.c.id).limit(limit)).all()


def _stands(package_id: Any) -> Any:
    return sa.exists().where(_record.c.package_id == package_id, _record.c.state == LIVE)


def decide(left_id: str, right_id: str, decision: str) -> bool:
    """Note what a person decided about a pair; False where the two were never found to look alike."""
    values = {"decision": decision, "decided": sa.func.clock_timestamp()}
    pair = _match.c.left_id == left_id, _match.c.right_id == right_id
    done = model.Session.execute(sa.update(_match).where(*pair).values(**values).returning(_match.c.id))
    return done.first() is not None


def remove_of(member_id: str) -> None:
    """Forget what the records of a member are recognised by; decisions about them are remembered."""
    model.Session.execute(sa.delete(_likeness).where(_likeness.c.member_id == member_id))
