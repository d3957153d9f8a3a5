"""The registry's side of the demo: the national catalogues become members, and the registry's worker harvests them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckanext.citizendata.local.browser import Browser
    from ckanext.citizendata.local.site import Site

__all__ = ["Run", "admit", "harvest"]

SECONDS = 300
PAUSE = 0.2


@dataclass(frozen=True)
class Run:
    """One finished harvest of one member, with its counts by outcome."""

    member: str
    counts: dict[str, int]

    def in_words(self) -> str:
        """What the harvest did, for people."""
        told = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items() if count)
        return f"{self.member}: {told or 'nothing'}"


def admit(registry: Browser, nodes: Sequence[Site]) -> None:
    """Make the catalogues members, those that aren't yet."""
    known = {member["id"] for member in registry.action("citizendata_member_list", {})}
    for node in nodes:
        if node.name not in known:
            member = {"id": node.name, "title": node.kind.title, "url": f"{node.url}/catalog.ttl"}
            registry.action("citizendata_member_create", member)


def harvest(registry: Browser, members: Sequence[str], announce: Callable[[str], None]) -> list[Run]:
    """Harvest the members, in the background as on every day, and wait for it. Raises LocalError where one fails."""
    before = {member: _last_run(registry, member).get("id", 0) for member in members}
    for member in members:
        registry.action("citizendata_harvest_run", {"id": member})
    runs = []
    for member in members:
        announce(f"harvesting {member}")
        runs.append(_finished(registry, member, before[member]))
    return runs


def _finished(registry: Browser, member: str, before: int) -> Run:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        run = _last_run(registry, member)
        if run.get("id", 0) > before and run["state"] == "finished":
            return Run(member, run["counts"])
        if run.get("id", 0) > before and run["state"] == "failed":
            raise LocalError(f"The harvest of {member} failed: {run['reason']}")
        time.sleep(PAUSE)
    raise LocalError(f"The harvest of {member} does not end within {SECONDS} seconds: see the log registry-jobs.log.")


def _last_run(registry: Browser, member: str) -> dict[str, Any]:
    return registry.action("citizendata_member_show", {"id": member})["last_run"] or {}
