"""`ckan citizendata reconcile`: what search and background work know, restored from the database."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import click
from redis.exceptions import RedisError

from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Progress
from ckanext.citizendata.logic.finding.reconcile import FAILED, KINDS
from ckanext.citizendata.logic.finding.reconcile import reconcile as reconciled
from ckanext.citizendata.logic.harvesting.jobs import is_scheduled, schedule
from ckanext.citizendata.logic.harvesting.queues import advice, shown

__all__ = ["reconcile"]

ROUNDS = "rounds"
SAID = {
    "wrong_public": "were found by everybody, and aren't any more",
    "waiting": "were waiting to be indexed",
    "missing": "were found by nobody",
    "stale": "were shown as they were before, or to others than may see them",
    "ghosts": "were shown though no dataset stands behind them",
    FAILED: "can't be indexed now; the background work tries again, and its log says why",
}


@click.command(short_help="Bring search and background work in step with the database.")
@click.option("--json", "as_json", is_flag=True, help="Write the numbers as one line of JSON.")
def reconcile(as_json: bool) -> None:
    """Compare the search index with the database and mend it; plan the background rounds where they were lost.

    Harmless at any time. The exit code isn't 0 where something can't be mended.
    """
    with _Bars() as progress:
        repairs = _repairs(progress)
    repairs[ROUNDS] = _rounds()
    if as_json:
        click.echo(json.dumps({kind: repairs[kind] for kind in (*KINDS, ROUNDS)}))
    else:
        _tell(repairs)
        for sentence in _unattended():
            click.secho(sentence, err=True)
    if repairs[FAILED]:
        sys.exit(1)


def _repairs(progress: Progress) -> Counter[str]:
    try:
        return reconciled(progress)
    except RegistryUnavailable as error:
        message = f"{error}. What is mended by now stays; say it again later"
        raise click.ClickException(message) from error


def _rounds() -> int:
    """How many rounds had to be planned: 1 where none was."""
    try:
        if is_scheduled():
            return 0
        schedule()
    except RedisError as error:
        message = "The search index is in step, but Redis doesn't answer, so that background work isn't planned"
        raise click.ClickException(message) from error
    return 1


def _unattended() -> Sequence[str]:
    """What to do where jobs wait to which no worker listens."""
    return advice() if any(each["waiting"] and not each["workers"] for each in shown()) else ()


def _tell(repairs: Counter[str]) -> None:
    for kind in KINDS:
        if repairs[kind]:
            click.echo(f"{repairs[kind]:>7} {SAID[kind]}")
    if repairs[ROUNDS]:
        click.echo("The background rounds were lost, and are planned again; a worker must run: ckan jobs worker")
    if not repairs.total():
        click.echo("Search and database agree.")


class _Bars(ExitStack):
    """A bar for each step on a terminal, a line for each elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._doing = ""
        self._bar: Any = None

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        length = total or done
        if doing != self._doing:
            self.close()
            bar = click.progressbar(length=length, label=f"Looking at {doing}", file=sys.stderr)
            self._doing, self._bar = doing, self.enter_context(bar)
        self._bar.length = length
        self._bar.update(done - self._bar.pos)
