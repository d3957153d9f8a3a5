"""`ckan citizendata harvest …`: carry the members' feeds into this registry, and see what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins as p
import click
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata import config
from ckanext.citizendata.cli.findings import findings
from ckanext.citizendata.cli.plan import plan
from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.cli.registry import all_members, called, registry_only, sentences
from ckanext.citizendata.core.membership import ACTIVE, ORDINARY, TRUSTED
from ckanext.citizendata.federation.errors import RegistryUnavailable, SourceMalformed
from ckanext.citizendata.federation.files import files_at
from ckanext.citizendata.federation.plan import is_hash
from ckanext.citizendata.federation.ports import CITIZENDATA
from ckanext.citizendata.federation.report import FINISHED, OUTCOMES, Report
from ckanext.citizendata.federation.sources import KINDS
from ckanext.citizendata.logic.harvesting.harvest import harvested, harvested_whole, imported, limits, member_named
from ckanext.citizendata.logic.harvesting.jobs import schedule as plan_round

__all__ = ["harvest", "schedule"]

# What may go wrong around one member, and is no fault of this program.
WORLD = (DBAPIError, OSError, RegistryUnavailable, SourceMalformed)


@click.group(short_help="Carry the members' feeds into this registry.")
@registry_only
def harvest() -> None:
    """Look before a harvest, harvest members now, see what came of it, decide what is removed and what returns."""


harvest.add_command(findings)
harvest.add_command(plan)


@harvest.command("run")
@click.argument("member_id", metavar="MEMBER", required=False)
@click.option("--all", "everyone", is_flag=True, help="Harvest every member, one after the other.")
@click.option("--plan", "agreed", metavar="HASH", help="Do just what `harvest plan MEMBER` said, or nothing.")
@click.option("--whole", is_flag=True, help="Read all of a signed feed, not only what is new.")
def run(member_id: str | None, everyone: bool, agreed: str | None, whole: bool) -> None:
    """Harvest MEMBER now; the exit code isn't 0 where a harvest fails, and the others are harvested all the same."""
    if bool(member_id) == everyone:
        message = "Name one member, or say --all"
        raise click.UsageError(message)
    _check(everyone, agreed)
    names = _by_themselves() if everyone else [_known(str(member_id))]
    read = harvested_whole if whole else harvested
    _finish([(name, _tried(lambda name=name: _harvested(name, read, agreed))) for name in names])


@harvest.command("import")
@click.argument("member_id", metavar="MEMBER")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def import_(member_id: str, path: Path) -> None:
    """Harvest MEMBER from the signed export in a folder or zip at PATH, as if its server had it."""
    name = _known(member_id)
    _finish([(name, _tried(lambda: _imported(name, path)))])


def _finish(results: Sequence[tuple[str, Report | str]]) -> None:
    _table(results)
    failed = [name for name, report in results if not (isinstance(report, Report) and report.state == FINISHED)]
    if failed:
        click.echo(f"Not harvested to the end: {', '.join(failed)}", err=True)
        sys.exit(1)


def _by_themselves() -> list[str]:
    """The members that are harvested without a plan; the others are named with the reason."""
    names: list[str] = []
    for each in all_members():
        stands = each["trust"] if each["state"] == ACTIVE else each["state"]
        if stands in (TRUSTED, ORDINARY):
            names.append(each["id"])
        else:
            click.echo(f"{each['id']} is left out: {stands}")
    return names


def _check(everyone: bool, agreed: str | None) -> None:
    if agreed is None:
        return
    if everyone:
        message = "A plan is of one member: name that one instead of --all"
        raise click.UsageError(message)
    if not is_hash(agreed):
        message = f"{agreed[:100]!r} is no hash of a plan; this prints one: ckan citizendata harvest plan MEMBER"
        raise click.UsageError(message)


@sentences
def _known(name: str) -> str:
    return member_named(name).id


def _tried(work: Callable[[], Report]) -> Report | str:
    """The report, or in a sentence why there is none."""
    try:
        return work()
    except click.ClickException as error:
        return error.message
    except WORLD as error:
        model.Session.rollback()
        return str(error).partition("\n")[0]


@sentences
def _harvested(name: str, read: Callable[..., Report], agreed: str | None) -> Report:
    member = member_named(name)
    with Progress(member.title) as progress:
        return read(member, progress, plan=agreed)


@sentences
def _imported(name: str, path: Path) -> Report:
    member = member_named(name)
    if member.kind != CITIZENDATA:
        message = f"{name} is read by {KINDS[member.kind]}; only a signed feed is read from files"
        raise click.ClickException(message)
    with files_at(path, member.url, limits()) as files, Progress(member.title) as progress:
        return imported(member, progress, files)


@harvest.command("show")
@click.argument("member_id", metavar="MEMBER")
def show(member_id: str) -> None:
    """Tell what the last harvest of MEMBER did, record by record."""
    found = called("citizendata_harvest_show", {"id": member_id})
    click.echo(f"Harvest {found['id']} of {member_id}, {found['started'][:19]}: {found['state']}")
    if found["reason"]:
        click.echo(found["reason"])
    click.echo(", ".join(f"{found['counts'].get(outcome, 0)} {outcome}" for outcome in OUTCOMES))
    while found["items"]:
        for item in found["items"]:
            click.echo(f"{item['outcome']:<10} {item['iri']}{_because(item['reason'])}")
            for problem in item["problems"]:
                click.echo(f"           {problem['message']}")
        found = called("citizendata_harvest_show", {"id": member_id, "after": found["items"][-1]["number"]})


def _because(reason: str) -> str:
    return f"  {reason}" if reason else ""


@harvest.command("status")
def status() -> None:
    """Tell which harvests are under way, how many wait, and whether workers are there for them."""
    found = called("citizendata_harvest_status", {})
    for queue in found["queues"]:
        click.echo(f"{queue['name']}: {queue['workers']} workers listen, {queue['waiting']} jobs wait")
    for each in found["running"]:
        click.echo(f"{each['member']} is being harvested since {each['since'][:19]} by {each['worker']}")
    for sentence in found["advice"]:
        click.secho(sentence, err=True)


@harvest.command("abort")
@click.argument("member_id", metavar="MEMBER")
def abort(member_id: str) -> None:
    """Stop the harvest of MEMBER that is under way; what it did by then stays."""
    asked = called("citizendata_harvest_abort", {"id": member_id})["asked"]
    click.echo(
        f"The harvest of {member_id} ends within seconds; the next one goes on where it stopped."
        if asked
        else f"No harvest of {member_id} is under way."
    )


@harvest.command("approve")
@click.argument("member_id", metavar="MEMBER")
@click.argument("iri")
def approve(member_id: str, iri: str) -> None:
    """Agree that the record IRI, which was taken back, may return."""
    done = called("citizendata_harvest_approve", {"id": member_id, "iri": iri})
    click.echo(f"{iri} was {done['was']}; the next harvest of {member_id} that finds it publishes it again.")


@harvest.command("removals")
@click.argument("member_id", metavar="MEMBER")
@click.option("--approve", "decision", flag_value="approve", help="Remove them at once.")
@click.option("--refuse", "decision", flag_value="refuse", help="Keep them, and don't ask again.")
@click.option("--yes", is_flag=True, help="Don't ask before removing.")
def removals(member_id: str, decision: str | None, yes: bool) -> None:
    """Tell which records of MEMBER are missing, too many to be removed without a person; remove or keep these."""
    found = called("citizendata_removal_list", {"id": member_id})
    click.echo(f"{len(found) or 'No'} records of {member_id} wait for a decision about their removal.")
    for each in found:
        hidden = "  (hidden already)" if each["hidden"] else ""
        click.echo(f"missing since {each['missing_since'][:10]}  {each['iri']}  {each['title'] or ''}{hidden}")
    if not found:
        return
    chosen = {"id": member_id, "iris": [each["iri"] for each in found]}
    if decision == "approve":
        if not yes:
            click.confirm(f"Remove these {len(found)} records?", abort=True)
        _approved(called("citizendata_removal_approve", chosen))
    elif decision == "refuse":
        _refused(called("citizendata_removal_refuse", chosen))
    else:
        click.echo("Remove them with --approve, keep them with --refuse; till then they stay as they are.")


def _approved(done: dict[str, Any]) -> None:
    click.echo(f"{len(done['removed'])} records were removed; each comes back when its catalogue lists it again.")
    for each in done["failed"]:
        click.echo(f"{each['iri']} still waits: {each['reason']}", err=True)
    if done["failed"]:
        sys.exit(1)


def _refused(done: dict[str, Any]) -> None:
    click.echo(f"{len(done['kept'])} records are kept; nobody is asked again until they were listed in between.")
    if done["hidden"]:
        click.echo(f"{len(done['hidden'])} of them stay hidden until their catalogue lists them again.")


@click.command(short_help="Start the background work of this site.")
def schedule() -> None:
    """Plan the next round of the background job, which plans those after it; harmless when it runs already."""
    click.echo(f"The background work goes on with job {plan_round()}; a worker must run: ckan jobs worker")
    if p.plugin_loaded("citizendata_registry"):
        click.echo(f"Harvests have a queue of their own, for other workers: ckan jobs worker {config.harvest_queue()}")


def _table(results: Sequence[tuple[str, Report | str]]) -> None:
    width = max((len(name) for name, _ in results), default=6)
    click.echo(f"{'member':<{width}}  {'state':<9}" + "".join(f"{each:>{_column(each)}}" for each in OUTCOMES))
    for name, report in results:
        if isinstance(report, str):
            click.echo(f"{name:<{width}}  {'refused':<9}  {report}")
            continue
        counts = "".join(f"{report.counts[each]:>{_column(each)}}" for each in OUTCOMES)
        click.echo(f"{name:<{width}}  {report.state:<9}{counts}")
        if report.reason:
            click.secho(report.reason, err=True)
        for note in report.notes:
            click.echo(f"  {note.message}")


def _column(outcome: str) -> int:
    return max(11, len(outcome) + 2)
