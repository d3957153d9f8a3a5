"""`ckan citizendata feed dump`: all of the catalogue in one file, now."""

from __future__ import annotations

import click

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.feeds.addresses import DUMPS
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds.dumping import dump as make

__all__ = ["dump"]


@click.command(short_help="Write the whole catalogue into one file.")
@click.option(
    "--face", "faces", type=click.Choice(DUMPS), multiple=True, help="Only this one; may be given more than once."
)
def dump(faces: tuple[str, ...]) -> None:
    """Dump the current snapshot for everyone, at once and without pauses, as N-Triples, N-Quads, Turtle, JSON-LD and
    CSV; at /feed/everyone/dump.nt.gz and so on.

    A background job does the same after changes, at most every `feed_dump_minutes`.
    """
    for face in faces or DUMPS:
        with Progress("Dump") as progress:
            path = _made(face, progress)
        click.secho(f"Dumped: {path}", fg="green")


def _made(face: str, progress: Progress) -> str:
    try:
        path = make(face, progress)
    except StoreFull as error:
        raise click.ClickException(f"{error}. The last dump stays.") from error
    if path is None:
        message = "There is no snapshot to dump, or something on it was taken back meanwhile; try again in a minute."
        raise click.ClickException(message)
    return path
