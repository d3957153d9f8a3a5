"""`citizendata conformance`: whether a site speaks the protocol by which catalogues of citizen data are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from time import monotonic
from typing import Any

import click

from ckanext.citizendata.command.additions import CLEAN, WRONG, stop
from ckanext.citizendata.core.conformance.wording import printable
from ckanext.citizendata.core.manifest import PROTOCOL
from ckanext.citizendata.exchange.visitor import Visitor
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.feeds.protocol.finding import Check
from ckanext.citizendata.feeds.protocol.site import site_checks

__all__ = ["conformance"]

# Seconds between two lines about how far it is.
PATIENCE = 2.0
WIDTH = 22


@click.command(short_help="Test whether a site speaks the protocol.")
@click.argument("url", metavar="URL")
@click.option("--json", "as_json", is_flag=True, help="Write one object, for programs.")
def conformance(url: str, as_json: bool) -> None:
    """Test the site at URL, or the feed whose manifest is at URL, against docs/reference/protocol.md.

    One line a check. The exit code is 0 where all are as the protocol asks for, 1 where one isn't, 2 for what is no
    address.
    """
    try:
        origin(url)
    except SourceMalformed as error:
        stop(error.sentence)
    with Visitor() as visitor:
        checks = site_checks(visitor.get, url, datetime.now(timezone.utc), _Told())
    text = json.dumps(_object(url, checks), ensure_ascii=False) if as_json else "\n".join(_lines(checks))
    click.echo(printable(text))
    sys.exit(CLEAN if all(check.passed for check in checks) else WRONG)


class _Told:
    """Says now and then how many pages are read."""

    def __init__(self) -> None:
        self._said = monotonic()

    def __call__(self, number: int, total: int) -> None:
        if monotonic() - self._said > PATIENCE:
            self._said = monotonic()
            click.echo(f"{number} of {total} pages read", err=True)


def _object(url: str, checks: Sequence[Check]) -> dict[str, Any]:
    failures = sum(not check.passed for check in checks)
    each = [{name: getattr(check, name) for name in Check.__slots__} for check in checks]
    return {"url": url, "protocol": PROTOCOL, "passed": len(checks) - failures, "failed": failures, "checks": each}


def _lines(checks: Sequence[Check]) -> list[str]:
    failures = sum(not check.passed for check in checks)
    told = [_line(check) for check in checks]
    if not failures:
        return [*told, f"All {len(checks)} checks of {PROTOCOL} pass."]
    return [*told, f"{failures} of {len(checks)} checks fail; what builds on them may not have been looked at."]


def _line(check: Check) -> str:
    if check.passed:
        return f"ok      {check.name:<{WIDTH}} {check.found}"
    return f"FAILED  {check.name:<{WIDTH}} expected: {check.expected}; found: {check.found}. {check.advice}."
