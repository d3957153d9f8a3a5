"""`ckan citizendata feed export`: what everyone may read, as files that need no server."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.feeds.static_export import NotExported, exported
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds.feed_stores import store_of

__all__ = ["export"]


@click.command(short_help="Write what everyone may read into a folder or a zip file.")
@click.argument("path", type=click.Path(path_type=Path))
def export(path: Path) -> None:
    """Write what everyone may read into the folder PATH, or into a file PATH that ends in .zip.

    A registry reads it with `harvest import`, or from any web server that the folder lies on. An earlier export at PATH
    is replaced, anything else is not.
    """
    store = store_of(EVERYONE)
    if store is None:
        message = "This site has no folder for its feeds: set ckan.storage_path or ckanext.citizendata.feed_folder"
        raise click.ClickException(message)
    try:
        with Progress("Export") as progress:
            manifest = exported(store, path, lambda done, total: progress("pages written", done, total))
    except (NotExported, StoreFull) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path} written: {manifest.datasets} datasets, and {manifest.tombstones} that were taken back.")
    click.echo(f"A registry takes it till {manifest.expires:%Y-%m-%d}; make a new one before.")
