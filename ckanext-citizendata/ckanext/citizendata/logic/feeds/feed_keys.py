"""The key with which this site signs its snapshots: a file for the private half, a table for the public ones.

A key that follows another is vouched for by it, so that readers go on by themselves. One that nobody vouches for, after
the key was lost or stolen, has to be confirmed by the people of each registry.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.manifest import KEY_TYPE, KeyProof, text_of_moment
from ckanext.citizendata.core.signature import PublicKey, Signer, signer_of
from ckanext.citizendata.feeds.writing import settle, write_whole
from ckanext.citizendata.logic.feeds.feed_lock import alone
from ckanext.citizendata.model import feed_key

__all__ = ["KeyUnusable", "keys", "replaced", "rotated", "shown", "signer"]

# Cutting a site's first snapshot takes minutes.
PATIENCE = 60
REPLACE = "ckan citizendata key replace"


class KeyUnusable(Exception):  # noqa: N818 - what is true of a file, not an error of the program
    """Nothing can be signed; the message says why, and what to do."""


def keys(connection: sa.Connection) -> tuple[KeyProof, ...]:
    """The public keys with what vouches for them, oldest first; the last one signs."""
    return tuple(KeyProof(PublicKey(row.x), row.proof) for row in feed_key.every(connection))


def signer(connection: sa.Connection) -> Signer:
    """The key that signs, made at first use; for whoever is `alone`. Raises `KeyUnusable`."""
    path, known = _path(), feed_key.every(connection)
    _finish_rotation(path, known)
    if not known:
        found = _read(path) if path.exists() else _written(path, Signer.new())
        feed_key.add(connection, found.public.x, None)
        return found
    return _current(path, known)


def rotated() -> PublicKey:
    """The new key, for which the one before vouches: readers follow by themselves. Raises `KeyUnusable`, `Busy`."""
    with alone(PATIENCE), model.ensure_engine().connect() as connection:
        old, fresh = signer(connection), Signer.new()
        proof = old.signed(json.dumps({"x": fresh.public.x}).encode(), KEY_TYPE)
        path = _path()
        # Whoever is killed between the two steps leaves it here, and the table says which one signs.
        _written(_coming(path), fresh)
        feed_key.add(connection, fresh.public.x, proof)
        connection.commit()
        _finish_rotation(path, [_Known(fresh.public.x)])
    return fresh.public


def replaced() -> PublicKey:
    """The new key, for which nothing vouches: the people of each registry have to confirm it. Raises `Busy`."""
    with alone(PATIENCE), model.ensure_engine().connect() as connection:
        path, fresh = _path(), Signer.new()
        _written(_coming(path), fresh)
        feed_key.add(connection, fresh.public.x, None)
        connection.commit()
        _finish_rotation(path, [_Known(fresh.public.x)])
    return fresh.public


def shown() -> list[dict[str, Any]]:
    """Each public key for people, oldest first: `x`, `kid`, since when it signs, and whether another vouches for it."""
    with model.ensure_engine().connect() as connection:
        rows = feed_key.every(connection)
    return [
        {
            "x": row.x,
            "kid": PublicKey(row.x).kid,
            "since": text_of_moment(row.since),
            "is_vouched_for": row.proof is not None,
        }
        for row in rows
    ]


class _Known:
    """A key of which the table will know."""

    def __init__(self, x: str) -> None:
        self.x = x


def _path() -> Path:
    path = config.feed_key_file()
    if path is None:
        raise KeyUnusable("This site has no folder for feeds: set ckanext.citizendata.feed_folder or ckan.storage_path")
    return path


def _coming(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _finish_rotation(path: Path, known: Sequence[Any]) -> None:
    """Puts a key in its place that its maker couldn't, being killed; one that the table doesn't know never signed."""
    coming = _coming(path)
    if not coming.exists():
        return
    if known and _read(coming).public.x == known[-1].x:
        coming.replace(path)
        settle(path.parent)
    else:
        coming.unlink()


def _current(path: Path, known: Sequence[Any]) -> Signer:
    if not path.exists():
        message = (
            f"The key of the feeds, {path}, isn't there. Bring the file back; where it is lost, "
            f"make a new key: {REPLACE}"
        )
        raise KeyUnusable(message)
    found = _read(path)
    if found.public.x != known[-1].x:
        message = (
            f"{path} has the key {found.public.kid}, but {PublicKey(known[-1].x).kid} signs. "
            f"Bring the right file back; where it is lost, make a new key: {REPLACE}"
        )
        raise KeyUnusable(message)
    return found


def _read(path: Path) -> Signer:
    try:
        return signer_of(path.read_text("ascii"))
    except (ValueError, OSError) as error:
        message = f"{path} holds no key that can be read: {error}. Bring the file back, or make a new key: {REPLACE}"
        raise KeyUnusable(message) from error


def _written(path: Path, fresh: Signer) -> Signer:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, urlsafe_b64encode(fresh.secret).rstrip(b"=") + b"\n", 0o600)
    settle(path.parent)
    return fresh
