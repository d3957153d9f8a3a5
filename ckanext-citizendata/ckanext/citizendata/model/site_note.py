"""Short notes of a site about itself, in CKAN's own table of such things; read and written within a transaction."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

__all__ = ["text_of", "write"]

_info = model.system_info_table.c


def text_of(key: str) -> str | None:
    """The note of this name; CKAN's own function ends the transaction, which a snapshot is made in."""
    return model.Session.execute(sa.select(_info.value).where(_info.key == key)).scalar()


def write(key: str, text: str) -> None:
    """Replace the note of this name; the caller commits."""
    changed = sa.update(model.system_info_table).where(_info.key == key).values(value=text, state="active")
    if not model.Session.execute(changed).rowcount:  # type: ignore[attr-defined] - of a statement that changes rows
        model.Session.execute(sa.insert(model.system_info_table).values(key=key, value=text, state="active"))
