"""`ckan citizendata harvest …`: carry the members' feeds into this registry, and see what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import click

from ckanext.citizendata.cli.registry import called, registry_only, sentences
from ckanext.citizendata.federation.errors import HarvestRefused
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.report import FINISHED, OUTCOMES, Report
from ckanext.citizendata.logic.harvest import harvested, member_named
from ckanext.citizendata.logic.jobs import schedule as plan_round

__all__ = ["harvest", "schedule"]


@click.group(short_help="Carry the members' feeds into this registry.")
@registry_only
def harvest() -> None:
    """Harvest members now, see what the last harvest did, decide what is removed and what returns."""


@harvest.command("run")
@click.argument("member_id", metavar="MEMBER", required=False)
@click.option("--all", "everyone", is_flag=True, help="Harvest every member, one after the other.")
def run(member_id: str | None, everyone: bool) -> None:
    """Harvest MEMBER now; the exit code isn't 0 where a harvest fails."""
    if bool(member_id) == everyone:
        message = "Name one member, or say --all"
        raise click.UsageError(message)
    names = [each["id"] for each in called("citizendata_member_list", {})] if everyone else [str(member_id)]
    results = [(name, _harvest(name)) for name in names]
    _table(results)
    if not all(isinstance(report, Report) and report.state == FINISHED for _, report in results):
        sys.exit(1)


@sentences
def _harvest(name: str) -> Report | str:
    member: Member = member_named(name)
    try:
        with _Progress(member.title) as progress:
            return harvested(member, progress)
    except HarvestRefused as error:
        return str(error)


@harvest.command("show")
@click.argument("member_id", metavar="MEMBER")
def show(member_id: str) -> None:
    """Tell what the last harvest of MEMBER did, record by record."""
    found = called("citizendata_harvest_show", {"id": member_id})
    click.echo(f"Harvest {found['id']} of {member_id}, {found['started'][:19]}: {found['state']}")
    if found["reason"]:
        click.echo(found["reason"])
    click.echo(", ".join(f"{found['counts'].get(outcome, 0)} {outcome}" for outcome in OUTCOMES))
    for item in found["items"]:
        click.echo(f"{item['outcome']:<10} {item['iri']}{_because(item['reason'])}")
        for problem in item["problems"]:
            click.echo(f"           {problem['message']}")


def _because(reason: str) -> str:
    return f"  {reason}" if reason else ""


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


def _table(results: Sequence[tuple[str, Report | str]]) -> None:
    width = max((len(name) for name, _ in results), default=6)
    click.echo(f"{'member':<{width}}  {'state':<9}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES))
    for name, report in results:
        if isinstance(report, str):
            click.echo(f"{name:<{width}}  {'refused':<9}  {report}")
            continue
        counts = "".join(f"{report.counts[outcome]:>11}" for outcome in OUTCOMES)
        click.echo(f"{name:<{width}}  {report.state:<9}{counts}")
        if report.reason:
            click.secho(report.reason, err=True)
        for note in report.notes:
            click.echo(f"  {note.message}")


class _Progress(AbstractContextManager["_Progress"]):
    """Tells how far a harvest is: a bar on a terminal, a line for each tenth elsewhere."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None
        self._told = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        if self._terminal and total:
            self._draw(doing, done, total)
        else:
            self._tell(doing, done, total)

    def _draw(self, doing: str, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=f"{self._title}: {doing}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def _tell(self, doing: str, done: int, total: int | None) -> None:
        share = f"{done * 10 // total * 10} %" if total else f"{done}"
        line = f"{self._title}: {doing} {share}"
        if line != self._told:
            click.echo(line, err=True)
        self._told = line

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
