"""`ckan citizendata restore`: a withdrawn record comes back; without a name, the site after a backup was put back."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from ckanext.citizendata.cli.record import give_back
from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.feeds.evidence import Evidence
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.backup import restore_feeds, restore_sources
from ckanext.citizendata.logic.backup.restoring import Again, Plan, plan_of, taken_back_again
from ckanext.citizendata.logic.feeds.feed_behind import Behind
from ckanext.citizendata.logic.feeds.feed_keys import KeyUnusable, shown
from ckanext.citizendata.logic.feeds.feed_lock import Busy

__all__ = ["restore"]

# So many addresses a person is told; --json has all.
SHOWN = 20


@click.command(short_help="Bring a withdrawn record back; or, without NAME, the site after a backup was put back.")
@click.argument("name", required=False)
@click.option("--feed", "copies", multiple=True, metavar="URL", help="A copy of this site's own feed; may be repeated.")
@click.option("--peer", "peers", multiple=True, metavar="URL", help="A registry that reads this site; may be repeated.")
@click.option("--yes", is_flag=True, help="Don't ask before.")
@click.option("--json", "as_json", is_flag=True, help="Write what was done as one object, for programs.")
def restore(name: str | None, copies: Sequence[str], peers: Sequence[str], yes: bool, as_json: bool) -> None:
    """Give the withdrawn record of dataset NAME back to the readers that it had.

    Without NAME: call it after the database was put back from a backup, before the site serves. What was taken back
    after the backup is taken back again, as far as the site's own folder of feeds, copies of its feed (--feed) and its
    registries (--peer) tell; then its feeds count anew, which the registries' people approve.
    """
    if name:
        if copies or peers:
            message = "Name a dataset, or say where to look after a backup was put back; not both"
            raise click.UsageError(message)
        give_back(name)
        return
    own, theirs = _read(copies, peers)
    newer = restore_feeds.later(own)
    plan = plan_of(newer, theirs)
    if own and not newer and not plan.again and not any(each.lost for each in own):
        _finish(as_json, _result(plan, [], [], {}, [*own, *theirs]), "Nothing is newer than the database.")
        return
    _tell(plan, [*newer, *theirs])
    if not yes:
        click.confirm("Do this?", abort=True, err=True)
    _do(plan, own, theirs, as_json)


def _read(copies: Sequence[str], peers: Sequence[str]) -> tuple[list[Evidence], list[Evidence]]:
    """What is told by the folder and copies, and by registries; stops where an address can't be read."""
    folders = [found for feed in restore_feeds.names() if (found := restore_feeds.own_folder(feed))]
    keys = {key["x"] for key in shown()} | {each.key.x for folder in folders for each in folder.manifest.keys}
    try:
        own = [*folders, *(restore_sources.of_copy(url, keys) for url in copies)]
        return own, [restore_sources.of_peer(url) for url in peers]
    except restore_sources.Unreadable as error:
        raise click.ClickException(f"{error}. Nothing was changed") from error


def _tell(plan: Plan, read: Sequence[Evidence]) -> None:
    for each in read:
        gone = f"{len(each.gone)} records that are gone"
        lost = f"; {each.lost} of its pages can't be had" if each.lost else ""
        click.echo(f"{each.source}: snapshot {each.manifest.sequence}, {gone}{lost}", err=True)
    _list(
        "records are taken back again:", [f"{each.gone.iri}  ({each.gone.kind}, {each.source})" for each in plan.again]
    )
    _list("records that this backup doesn't know stay gone:", [each.iri for each in plan.unknown])
    _list("datasets were published after the backup, and are missing:", plan.lost)
    click.echo("The feeds of this site count anew; the people of each registry are asked to approve that.", err=True)


def _list(said: str, iris: Sequence[str]) -> None:
    if not iris:
        return
    click.echo(f"{len(iris)} {said}", err=True)
    for iri in iris[:SHOWN]:
        click.echo(f"  {iri}", err=True)
    if len(iris) > SHOWN:
        click.echo(f"  and {len(iris) - SHOWN} others", err=True)


def _do(plan: Plan, own: Sequence[Evidence], theirs: Sequence[Evidence], as_json: bool) -> None:
    done, failed = taken_back_again(plan)
    try:
        counts = restore_feeds.raised({EVERYONE: [each for each in own if each.manifest.audience == EVERYONE]})
    except (Behind, Busy, KeyUnusable, StoreFull) as error:
        raise click.ClickException(f"{error}. {len(done)} records were taken back again; say it once more") from error
    result = _result(plan, done, failed, counts, [*own, *theirs])
    told = ", ".join(f"{feed} {count.epoch}" for feed, count in counts.items()) or "none"
    _finish(as_json, result, f"{len(done)} records were taken back again; feeds count anew: {told}.")
    if failed:
        click.echo(f"{len(failed)} couldn't be taken back; the log tells why.", err=True)
        sys.exit(1)


def _result(
    plan: Plan,
    done: Sequence[Again],
    failed: Sequence[Again],
    counts: dict[str, restore_feeds.Count],
    read: Sequence[Evidence],
) -> dict[str, Any]:
    return {
        "read": [
            {"source": each.source, "sequence": each.manifest.sequence, "gone": len(each.gone), "lost": each.lost}
            for each in read
        ],
        "withdrawn": [each.gone.iri for each in done],
        "failed": [each.gone.iri for each in failed],
        "tombstones": [each.iri for each in plan.unknown],
        "missing": list(plan.lost),
        "feeds": {feed: {"epoch": count.epoch, "sequence": count.sequence} for feed, count in counts.items()},
    }


def _finish(as_json: bool, result: dict[str, Any], sentence: str) -> None:
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else sentence)
