"""`bin/demo`: start, stop, status, reset, and --check."""

from __future__ import annotations

import json
import os
import time

import click
import requests

from ckanext.citizendata.local.checking import Findings, check
from ckanext.citizendata.local.demo import Demo
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.memory import MemoryPeak, proportional_megabytes
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.settings import Settings, free_port, settings_from_environment
from ckanext.citizendata.local.sites import NAMES

__all__ = ["demo"]


@click.command()
@click.argument("verb", type=click.Choice(["start", "stop", "status", "reset"]), default="start")
@click.option("--check", "checking", is_flag=True)
@click.option("--yes", is_flag=True)
def demo(verb: str, checking: bool, yes: bool) -> int:
    """Run the demo; bin/demo --help explains it."""
    settings = settings_from_environment(os.environ)
    if checking:
        return _check(settings)
    if verb == "start":
        return _start(settings)
    if not settings.home("demo").root.exists():
        click.echo("There is no demo here yet: bin/demo starts one.")
        return 1 if verb == "status" else 0
    present = Demo(settings, settings.home("demo"), settings.ports, Progress())
    return {"stop": _stop, "status": _status, "reset": lambda demo: _reset(demo, yes)}[verb](present)


def _start(settings: Settings) -> int:
    progress = Progress()
    present = Demo(settings, settings.home("demo"), settings.ports, progress)
    present.start(durable=True)
    progress.clear()
    _tell(present)
    return 0


def _stop(present: Demo) -> int:
    present.stop()
    click.echo("The demo is stopped; its data are kept. bin/demo starts it again.")
    return 0


def _status(present: Demo) -> int:
    supervision = present.services.supervision
    living = supervision.processes()
    for site in present.sites.all:
        click.echo(f"{site.name:<10} {site.url:<24} {'answers' if _answers(site.url) else 'does not answer'}")
    everything = [each for process in living.values() for each in (process, *process.children(recursive=True))]
    memory = proportional_megabytes(everything)
    click.echo(f"{len(everything)} processes run, with {memory:.0f} MB of memory; logs are in {present.home.logs}")
    return 0 if present.sites.running else 1


def _reset(present: Demo, yes: bool) -> int:
    if not yes and not _confirmed("This takes away all records and accounts of the demo. Go on?"):
        click.echo("Nothing is changed.")
        return 1
    present.remove()
    click.echo("The demo and its data are gone. bin/demo starts a new one.")
    return 0


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.Abort:
        return False


def _check(settings: Settings) -> int:
    """The whole demo from nothing and back to nothing, looked at on the way; the last line is JSON."""
    started, progress = time.monotonic(), Progress()
    prepared = float(os.environ.get("CITIZENDATA_PREPARED_SECONDS") or 0)
    findings = Findings()
    try:
        present = _fresh(settings, progress)
    except LocalError:
        click.echo(json.dumps({"ok": False}))
        raise
    with MemoryPeak() as peak:
        try:
            present.start(durable=False)
            check(present, findings)
        except LocalError as error:
            findings.problems.append(str(error).rstrip("."))
        finally:
            progress.step("stopping")
            left = present.stop_and_look()
    if left:
        findings.problems.append(f"still running after the stop: {', '.join(left)}")
    progress.clear()
    for problem in findings.problems:
        click.echo(f"Not as promised: {problem}.", err=True)
    if findings.problems:
        click.echo(f"Logs and data of the check are in {present.home.root}.", err=True)
    else:
        present.remove()
    result = {
        "ok": not findings.problems,
        "nodes": len(present.nodes),
        "published": findings.published,
        "registry": findings.registry,
        "lossless": findings.lossless,
        "memory_mb": round(peak.megabytes),
        "seconds": round(time.monotonic() - started + prepared, 1),
        "download_seconds": round(prepared + present.services.download_seconds, 1),
    }
    click.echo(json.dumps(result))
    return 0 if result["ok"] else 1


def _fresh(settings: Settings, progress: Progress) -> Demo:
    """An empty demo on free ports, without anything of a former check."""
    ports = {name: free_port() for name in NAMES}
    Demo(settings, settings.home("check"), ports, progress, tied=True).remove()
    return Demo(settings, settings.home("check"), ports, progress, tied=True)


def _tell(present: Demo) -> None:
    click.echo("The demo runs. All its records are invented examples.\n")
    for site in reversed(present.sites.all):
        click.echo(f"  {site.kind.title:<28} {site.url}")
    click.echo("\nAccounts (site, name, password):")
    for account in present.accounts():
        click.echo(f"  {account.site:<10} {account.name:<42} {account.password}")
    click.echo(
        "\nIt works on in the background: bin/demo stop ends it and keeps its data, bin/demo reset takes all away."
    )


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/3/action/status_show", timeout=10).ok
    except requests.RequestException:
        return False
