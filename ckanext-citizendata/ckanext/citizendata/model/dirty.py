"""Packages that changed in a way that no hook sees: their records wait to be rendered, out of feeds till then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

EDITED = "edited"
ORGANIZATION = "organization"


class Dirty(tk.BaseModel):
    """One package whose record is older than its rows."""

    __tablename__ = "citizendata_dirty"

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    reason = sa.Column(sa.UnicodeText, nullable=False)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_dirty: sa.Table = Dirty.__table__  # type: ignore


def mark(package_ids: Iterable[str], reason: str) -> None:
    """Note that these records must be rendered; `edited` outweighs `organization`, since it may hide."""
    rows = [{"package_id": package_id, "reason": reason} for package_id in package_ids]
    if not rows:
        return
    statement = insert(_dirty).values(rows)
    if reason == EDITED:
        statement = statement.on_conflict_do_update(index_elements=["package_id"], set_={"reason": EDITED})
    else:
        statement = statement.on_conflict_do_nothing()
    model.Session.execute(statement)


def reason_of(package_id: str) -> str | None:
    """Why a record waits to be rendered, None where it doesn't wait."""
    return model.Session.execute(sa.select(_dirty.c.reason).where(_dirty.c.package_id == package_id)).scalar()


def oldest(limit: int) -> Sequence[str]:
    """The packages that wait longest, held until the transaction ends; those that another worker holds are left out."""
    query = sa.select(_dirty.c.package_id).order_by(_dirty.c.at).limit(limit)
    return model.Session.execute(query.with_for_update(skip_locked=True)).scalars().all()


def waiting(package_ids: Iterable[str]) -> Sequence[str]:
    """Those of the given packages that wait to be rendered."""
    return (
        model.Session.execute(sa.select(_dirty.c.package_id).where(_dirty.c.package_id.in_(list(package_ids))))
        .scalars()
        .all()
    )


def clear(package_id: str) -> None:
    """Note that the record is as new as its package."""
    model.Session.execute(sa.delete(_dirty).where(_dirty.c.package_id == package_id))


def postpone(package_id: str) -> None:
    """Move a record that couldn't be rendered behind the others, so that it doesn't hold them up."""
    model.Session.execute(
        sa.update(_dirty).where(_dirty.c.package_id == package_id).values(at=sa.func.clock_timestamp())
    )
