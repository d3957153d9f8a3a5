"""`python -m tests.faults`, called by bin/faults."""

from __future__ import annotations

import json
import random
import signal
import sys
from collections.abc import Callable, Iterable

import click

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress
from tests.faults import cases
from tests.faults.evidence import Verdict
from tests.faults.harness import CASES, Case, chosen, verdicts
from tests.faults.lab import Lab
from tests.faults.site import Site

__all__ = ["main"]

WIDTH = 120
SEEDS = 10_000


@click.command()
@click.option("--smoke", is_flag=True, help="The quick part of the cases, in smaller sizes; under three minutes.")
@click.option("--case", "ids", multiple=True, metavar="ID", help="This case alone, as S07; may be said again.")
@click.option("--seed", type=int, metavar="N", help="Draw again what was drawn by chance in a run that told this seed.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a case: id, pass, observed, seconds.")
@click.option("--list", "listed", is_flag=True, help="Tell the cases, and run none.")
def main(smoke: bool, ids: tuple[str, ...], seed: int | None, as_json: bool, listed: bool) -> None:
    """Does harm to a registry on this machine, case by case, and says whether it kept its promises.

    Each hostile input stands beside a healthy one, which must be published in the same go. The registry has services of
    its own, below CITIZENDATA_HOME; nothing leaves the loopback interface. The exit code is 1 where a case fails.
    """
    cases.load()
    try:
        wanted = chosen(ids, smoke)
    except KeyError as error:
        raise click.UsageError(f"There is no case {error.args[0]}; there are: {' '.join(sorted(CASES))}") from error
    if listed:
        _list(wanted)
        return
    failed = _run(wanted, lambda site: Lab(site, smoke, random.randrange(SEEDS) if seed is None else seed), as_json)
    sys.exit(1 if failed else 0)


def _list(wanted: Iterable[Case]) -> None:
    for each in wanted:
        click.echo(f"{each.id}  {'smoke' if each.smoke else '     '}  {each.stimulus}")


def _run(wanted: list[Case], lab_of: Callable[[Site], Lab], as_json: bool) -> int:
    progress, site = Progress(), Site()
    failed = 0
    try:
        site.start(progress.step)
        for each, verdict in verdicts(_announced(wanted, progress), lab_of(site)):
            progress.clear()
            failed += not verdict.passed
            click.echo(json.dumps(verdict.told()) if as_json else _line(each, verdict))
    except LocalError as error:
        raise click.ClickException(str(error)) from error
    finally:
        progress.step("ending the services")
        site.stop()
        progress.clear()
    click.echo(f"{len(wanted) - failed} of {len(wanted)} cases pass.", err=True)
    return failed


def _announced(wanted: list[Case], progress: Progress) -> Iterable[Case]:
    for number, each in enumerate(wanted, 1):
        progress.step(f"{each.id} ({number} of {len(wanted)}): {each.stimulus}")
        yield each


def _line(each: Case, verdict: Verdict) -> str:
    return f"{each.id}  {'pass' if verdict.passed else 'FAIL'}  {verdict.seconds:7.1f} s  {verdict.observed}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
