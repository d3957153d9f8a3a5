"""The counts of a site's feeds after its database was put back: above all that was published meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.manifest import Manifest
from ckanext.citizendata.feeds.evidence import Evidence
from ckanext.citizendata.feeds.issuing import manifest_in
from ckanext.citizendata.feeds.store import FEED_NAME
from ckanext.citizendata.logic.backup.restore_sources import of_folder
from ckanext.citizendata.logic.feeds.cutting import cut_anew
from ckanext.citizendata.logic.feeds.feed_lock import alone
from ckanext.citizendata.logic.feeds.feed_stores import store_of
from ckanext.citizendata.model import feed_key, feed_page

__all__ = ["Count", "counted", "later", "names", "own_catalogue", "own_folder", "raised"]

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Count:
    """Where a feed stands: its epoch, and the number of its last snapshot."""

    epoch: int
    sequence: int


def counted(feed: str) -> Count:
    """Where the database says that a feed stands; (0, 0) for one that it doesn't know."""
    row = next((row for row in feed_page.feeds() if row.name == feed), None)
    return Count(row.epoch, row.sequence) if row else Count(0, 0)


def later(found: Sequence[Evidence]) -> list[Evidence]:
    """What was published after the database knew the last snapshot of its feed."""
    return [each for each in found if _place(each.manifest) > _known(each.manifest.audience)]


def _known(feed: str) -> tuple[int, int]:
    count = counted(feed)
    return count.epoch, count.sequence


def own_folder(feed: str) -> Evidence | None:
    """What the site's own folder has of a feed."""
    store = store_of(feed)
    return of_folder(store) if store else None


def own_catalogue(feed: str) -> str | None:
    """The IRI of this site's catalogue as its last snapshot says it; None before the first one."""
    row = next((row for row in feed_page.feeds() if row.name == feed and row.signed), None)
    return manifest_in(row.signed).catalogue if row else None


def raised(found: Mapping[str, Sequence[Evidence]]) -> dict[str, Count]:
    """Each feed of this site with its new count, under which it is published anew; by name.

    `found` is what there is of each feed beside the database and the folder.
    """
    return {feed: _raised(feed, found.get(feed, ())) for feed in names()}


def names() -> list[str]:
    """The feeds that the folder or the database knows."""
    folder = config.feed_folder()
    kept = [path.name for path in folder.glob("*") if FEED_NAME.fullmatch(path.name)] if folder else []
    return sorted({*kept, *(row.name for row in feed_page.feeds())})


def _raised(feed: str, copies: Sequence[Evidence]) -> Count:
    folder = own_folder(feed)
    with alone(PATIENCE), model.ensure_engine().connect() as connection:
        row = feed_page.made(connection, feed)
        texts = [each.signed for each in (*copies, *([folder] if folder else [])) if each]
        newest = max(_manifests([row.signed, *texts]), key=lambda each: _place(each[0]), default=None)
        epoch = max(row.epoch, newest[0].epoch if newest else 0) + 1
        values = {"epoch": epoch}
        if newest:
            _add_keys(connection, newest[0])
            values |= {"sequence": newest[0].sequence, "signed": newest[1]}
        feed_page.write(connection, feed, values)
        connection.commit()
    cut_anew(feed)
    return counted(feed)


def _manifests(texts: Sequence[str]) -> Iterator[tuple[Manifest, str]]:
    return ((manifest_in(text), text) for text in texts if text)


def _add_keys(connection: sa.Connection, manifest: Manifest) -> None:
    """Notes the keys that followed after the backup, so that the file with the last one is of use."""
    known = [row.x for row in feed_key.every(connection)]
    names = [each.key.x for each in manifest.keys]
    if names[: len(known)] == known:
        for each in manifest.keys[len(known) :]:
            feed_key.add(connection, each.key.x, each.proof)


def _place(manifest: Manifest) -> tuple[int, int]:
    return manifest.epoch, manifest.sequence
