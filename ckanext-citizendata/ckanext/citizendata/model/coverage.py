"""What the records that everyone may read now answer to some questions, those with the same answers together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import aggregate_order_by

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model.change import Change
from ckanext.citizendata.model.dirty import EDITED, Dirty
from ckanext.citizendata.model.record import Record

__all__ = ["alike", "state"]

_record: sa.Table = Record.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
_change: sa.Table = Change.__table__  # type: ignore
_edited = sa.exists().where(_dirty.c.package_id == _record.c.package_id, _dirty.c.reason == EDITED)
_settled = _change.c.txid < sa.func.pg_snapshot_xmin(sa.func.pg_current_snapshot())
SPLITS = "disaggregation"


def alike(dataset_type: str, questions: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """The answers to these questions as they are stored, each set of answers once: how many `records` give it.

    And of these, how many say that results can be split `by_sex`, and `by_gender`. Whatever isn't for everyone to read
    on its page is left out here, for every reader: what isn't counted can't be told by a number.
    """
    package = model.package_table.c
    # One look at the extras: each `->>` would unpack them anew.
    extras = sa.func.jsonb_to_record(package.extras)
    said = extras.table_valued(*(sa.column(name, sa.Text) for name in (*questions, SPLITS)))
    said = said.render_derived(name="said", with_types=True)
    answers = [said.c[name] for name in questions]
    query = (
        sa.select(
            *answers,
            sa.func.count().label("records"),
            sa.func.count().filter(_splits(said.c[SPLITS], "sex")).label("by_sex"),
            sa.func.count().filter(_splits(said.c[SPLITS], "gender_identity")).label("by_gender"),
        )
        .select_from(
            model.package_table.join(_record, _record.c.package_id == package.id).join(said, sa.true()),
        )
        .where(
            package.type == dataset_type,
            package.state == model.State.ACTIVE,
            package.private.is_(False),
            _record.c.state == LIVE,
            _record.c.audience == EVERYONE,
            ~_edited,
        )
        .group_by(*answers)
    )
    return model.Session.execute(query).all()


def state() -> str:
    """Another text after each change of what everyone may read.

    Each change has a row in the change table. Those of transactions older than every running one stay as they are, so
    that the last of these stands for all; of the others there can only be more, so that their number does.
    """
    last = sa.select(_change.c.sequence).where(_settled).order_by(_change.c.txid.desc(), _change.c.sequence.desc())
    number = sa.func.concat(sa.func.count(), ".", sa.func.max(_change.c.sequence))
    others = sa.select(number).where(~_settled)
    ids = sa.func.string_agg(_dirty.c.package_id, aggregate_order_by(sa.literal_column("','"), _dirty.c.package_id))
    edited = sa.select(sa.func.md5(ids)).where(_dirty.c.reason == EDITED)
    query = sa.select(*(each.scalar_subquery() for each in (last.limit(1), others, edited)))
    return "-".join(map(str, model.Session.execute(query).one()))


def _splits(rows: sa.ColumnElement[Any], dimension: str) -> sa.ColumnElement[bool]:
    """Whether a row names this dimension; in a text inside of it the quotes would be escaped."""
    return rows.regexp_match(rf'"dimension"\s*:\s*"{dimension}"')
