"""`ckan citizendata feed add|token|revoke`: feeds for some, and who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ckanext.citizendata.logic.feeds import feed_jobs, feed_tokens
from ckanext.citizendata.logic.feeds.feed_tokens import FeedUnknown

__all__ = ["add", "revoke", "token"]

DAYS = 365


@click.command()
@click.argument("name")
def add(name: str) -> None:
    """Make snapshots of the feed NAME too: collaborative, or partner:ID for a partner."""
    with _or_told():
        feed_tokens.add_feed(name)
    feed_jobs.ask()
    click.secho(f"Snapshots are made of the feed {name} from now on.", fg="green")
    click.echo(f"Nobody reads it without a token: ckan citizendata feed token {name}")


@click.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="For so many days.")
@click.option("--holder", default="", help="Who gets it, in your words.")
def token(name: str, days: int, holder: str) -> None:
    """Make a token with which somebody reads the feed NAME; it is told once, and kept nowhere."""
    with _or_told():
        token_id, secret = feed_tokens.new_token(name, days, holder)
    click.echo(secret)
    click.echo(f"It opens {name} for {days} days. To end it sooner: ckan citizendata feed revoke {token_id}", err=True)


@click.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """End the token ID at once."""
    with _or_told():
        feed_tokens.revoke(token_id)
    click.secho(f"The token {token_id} opens nothing any more.", fg="green")


@contextmanager
def _or_told() -> Iterator[None]:
    try:
        yield
    except FeedUnknown as error:
        raise click.ClickException(str(error)) from error
