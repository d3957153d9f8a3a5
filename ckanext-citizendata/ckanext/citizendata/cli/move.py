"""`ckan citizendata move`: the site has another address; its records keep their names."""

from __future__ import annotations

import click
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.backup.restore_feeds import own_catalogue
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.logic.feeds.cutting import cut
from ckanext.citizendata.logic.feeds.feed_behind import Behind
from ckanext.citizendata.logic.feeds.feed_keys import KeyUnusable
from ckanext.citizendata.logic.feeds.feed_lock import Busy
from ckanext.citizendata.logic.feeds.moving import note_move
from ckanext.citizendata.logic.feeds.well_known import manifest_address

__all__ = ["move"]

CATALOGUE = "/catalog"


@click.command(short_help="Tell others that this site has another address.")
@click.argument("old")
@click.argument("new")
def move(old: str, new: str) -> None:
    """Publish that this site was at OLD and is at NEW, addresses of its front page.

    Names of records stay as they are. Set ckan.site_url to NEW first, and ckanext.citizendata.base_iri to what names
    began with before.
    """
    old, new = _address(old), _address(new)
    _require_settings(old, new)
    note_move(old, new)
    model.Session.commit()
    try:
        cut(EVERYONE)
    except (Behind, Busy, KeyUnusable, StoreFull) as error:
        raise click.ClickException(f"{error}. The move is noted, and published as soon as that is mended") from error
    click.echo(f"This site says from now on that it was at {old} and is at {new}.")
    click.echo(f"Let the web server of {old} send everybody to the same path at {new}, as long as you can.")
    click.echo("Ask the people of each registry that reads this site to say:")
    click.echo(f"  ckan citizendata member update MEMBER --url {manifest_address(EVERYONE)}")


def _address(given: str) -> str:
    try:
        origin(given)
    except SourceMalformed as error:
        raise click.ClickException(error.sentence) from error
    return given.rstrip("/")


def _require_settings(old: str, new: str) -> None:
    """Stops where the options aren't those of the new place, or names of records would change."""
    if old == new:
        message = "These are the same address"
        raise click.ClickException(message)
    if site_address() != new:
        message = f"This site is at {site_address()} by its options; set ckan.site_url to {new}, and say it again"
        raise click.ClickException(message)
    catalogue = own_catalogue(EVERYONE)
    base = catalogue.removesuffix(CATALOGUE) if catalogue else old
    if config.base_iri() != base:
        message = (
            f"Names of records would begin with {config.base_iri()} instead of {base}, and be others for everybody; "
            f"write into the site's options: ckanext.citizendata.base_iri = {base}"
        )
        raise click.ClickException(message)
