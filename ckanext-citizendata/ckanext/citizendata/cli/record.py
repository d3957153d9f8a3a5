"""Commands on records: withdraw, rebuild, rerender; and how one is given back."""

from __future__ import annotations

import sys
from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.core.record import CLOSED, member_of
from ckanext.citizendata.logic.finding.ghosts import sweep_index
from ckanext.citizendata.logic.harvesting.rerendering import rerendered
from ckanext.citizendata.logic.rebuild import rebuild_record, rebuildable

__all__ = ["give_back", "rebuild", "rerender", "withdraw"]

# Each that says something else is fetched again by all who harvest from here.
PER_MINUTE = 300


@click.command(short_help="Hide a record at once.")
@click.argument("name")
def withdraw(name: str) -> None:
    """Hide the record of dataset NAME from everyone but its own people."""
    shown = _act("citizendata_record_withdraw", name)
    click.secho(f"Withdrawn: {shown['uri']}", fg="green")
    click.echo("Nobody else finds or reads it here any more.")
    source = member_of(shown["authority"])
    click.echo(
        f"Its own catalogue, {source}, still shows it: only there it can be withdrawn for all."
        if source
        else "Catalogues that harvested it remove it at their next harvest."
    )
    click.echo("Copies that readers took can't be recalled.")


def give_back(name: str) -> None:
    """Gives a withdrawn record back, and says so."""
    shown = _act("citizendata_record_restore", name)
    if shown["state"] == CLOSED:
        click.echo(f"No longer withdrawn: {shown['uri']}")
        click.echo("Its own catalogue doesn't list it; nobody reads it here until it does.")
    else:
        click.secho(f"Back: {shown['uri']}", fg="green")


@click.command(short_help="Write records anew from what they are derived from.")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Every record of this site.")
def rebuild(name: str | None, everything: bool) -> None:
    """Map the record of dataset NAME anew from its package; one that was harvested, its package from the record."""
    if bool(name) == everything:
        raise click.UsageError("Name one dataset, or give --all.")
    operations: list[str | None] = []
    with click.progressbar(rebuildable(name), label="Rebuilding") as package_ids:
        operations.extend(rebuild_record(package_id) for package_id in package_ids)
    if name and not operations:
        raise click.ClickException(f"There is no record of a dataset named {name}.")
    changed = [operation for operation in operations if operation]
    click.echo(f"{len(operations)} records rebuilt, {len(changed)} changed.")
    ghosts = sweep_index() if everything else 0
    if ghosts:
        click.echo(f"Removed from the search, since no dataset stands behind them: {ghosts}.")


@click.command(short_help="Write records anew after an upgrade or a change of code lists.")
@click.option(
    "--per-minute", type=click.IntRange(min=1), default=PER_MINUTE, show_default=True, help="So many at most."
)
def rerender(per_minute: int) -> None:
    """Write anew, a few at a time, the records that an older version or other code lists wrote.

    Their dates stay as they are. Interrupted, it goes on where it stopped when it is called again.
    """
    with Progress("Rerendering") as progress:
        result = rerendered(per_minute, progress)
    if not (result.done or result.failed):
        click.echo("Every record is as this version writes it.")
        return
    click.echo(f"{result.done} records were written anew; {result.changed} say something else now.")
    if result.failed:
        click.echo(f"{result.failed} couldn't be: the log tells why. They stay as they are.", err=True)
        sys.exit(1)


def _act(action: str, name: str) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    try:
        return tk.get_action(action)({"user": user["name"]}, {"id": name})
    except tk.ObjectNotFound as error:
        raise click.ClickException(str(error) or f"There is no dataset named {name}.") from error
    except tk.ValidationError as error:
        raise click.ClickException("; ".join(error.error_summary.values())) from error
