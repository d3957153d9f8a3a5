"""Writes many rows of one table in one statement: new ones by COPY, others by INSERT … ON CONFLICT."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
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
    """Adds rows, or replaces the columns of those that are there by their `key`; all have the columns of the first.

    One statement for all rows: PostgreSQL reads them from one text of JSON.
    """
    if not rows:
        return
    names = [*map(str, rows[0])]
    listed = ", ".join(names)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    statement = sa.text(
        f"INSERT INTO {table.name} ({listed}) "
        f"SELECT {listed} FROM json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json)) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
    )
    connection.execute(statement, {"rows": json.dumps([*map(dict, rows)], ensure_ascii=False, default=_moment)})


def _moment(value: datetime) -> str:
    return value.isoformat()


def _copied(value: Any) -> str:
    """The value as a column of COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    for plain, escaped in ESCAPES:
        if plain in text:
            text = text.replace(plain, escaped)
    return text
