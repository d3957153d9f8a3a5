"""Writes many rows of one table at once: new ones by COPY, others by INSERT … ON CONFLICT."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

__all__ = ["put", "replace"]

Rows = Sequence[Mapping[str, Any]]
# The backslash first, since the others bring one.
ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def put(connection: sa.Connection, table: sa.TableClause, rows: Rows) -> None:
    """Adds rows that aren't there yet; all have the columns of the first. Raises as an INSERT does."""
    if not rows:
        return
    names = [*map(str, rows[0])]
    # What can't be encoded fails here: on its way it would look as if the database had been stopped.
    lines = "".join("\t".join([_copied(row[name]) for name in names]) + "\n" for row in rows).encode()
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    dbapi = connection.connection.dbapi_connection
    errors = connection.dialect.loaded_dbapi.Error  # type: ignore[attr-defined]
    try:
        with dbapi.cursor() as cursor:  # type: ignore[union-attr]
            cursor.copy_expert(statement, io.BytesIO(lines))
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors) from error


def replace(connection: sa.Connection, table: sa.TableClause, rows: Rows, key: Sequence[str]) -> None:
    """Adds rows, or replaces the columns of those that are there by their `key`; all have the columns of the first."""
    if not rows:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=[*key], set_=changed), [*rows])


def _copied(value: Any) -> str:
    """The value as a column of COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    for plain, escaped in ESCAPES:
        if plain in text:
            text = text.replace(plain, escaped)
    return text
