"""Cases by id, and what runs them: each ends in a verdict, whatever happens in it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.faults.evidence import Evidence, Verdict
from tests.faults.lab import Lab

__all__ = ["CASES", "Case", "case", "chosen", "verdicts"]

Steps = Callable[[Lab, Evidence], None]


@dataclass(frozen=True)
class Case:
    """One case of the scoreboard; `stimulus` says what is done to the registry."""

    id: str
    stimulus: str
    steps: Steps
    smoke: bool


CASES: dict[str, Case] = {}


def case(case_id: str, smoke: bool = False) -> Callable[[Steps], Steps]:
    """Enters a function as a case; its docstring is the stimulus."""

    def enter(steps: Steps) -> Steps:
        CASES[case_id] = Case(case_id, (steps.__doc__ or "").splitlines()[0], steps, smoke)
        return steps

    return enter


def chosen(ids: Iterable[str], smoke: bool) -> list[Case]:
    """The cases of these ids, or all, or those of the smoke set. Raises `KeyError` for an id that there isn't."""
    named = [CASES[each.upper()] for each in ids]
    return named or [CASES[each] for each in sorted(CASES) if CASES[each].smoke or not smoke]


def verdicts(cases: Iterable[Case], lab: Lab) -> Iterator[tuple[Case, Verdict]]:
    """What comes of each case; what must hold after any of them is looked at too."""
    for each in cases:
        began, seen = time.monotonic(), Evidence()
        _forget(lab)
        try:
            each.steps(lab, seen)
            nothing_was_touched(lab, seen)
        except Exception as error:  # noqa: BLE001 - the one catch a case: it fails, and the others go on
            traceback.print_exc()
            seen.must(False, f"the case broke off: {type(error).__name__}: {error}")
        if not lab.site.ask.lives:
            seen.must(False, "the registry's worker is dead")
            lab.site.load()
        yield each, seen.verdict(each.id, time.monotonic() - began)


def _forget(lab: Lab) -> None:
    """What one case set off isn't held against the next one."""
    lab.canary.accepted.clear()
    lab.bait.taken()
    lab.ask("watched")


def nothing_was_touched(lab: Lab, seen: Evidence) -> None:
    """No connection but to the hostile server and our own services, and no file that a feed named."""
    seen.must(not lab.canary.accepted, f"the canary was reached {len(lab.canary.accepted)} times")
    taken = lab.bait.taken()
    seen.must(not taken, f"the bait file was opened or read {taken} times")
    watched = lab.ask("watched")
    strangers = [each for each in watched["servers"] if not each.startswith(("127.0.0.1:", "127.0.0.10:"))]
    seen.must(not strangers, f"connections to {', '.join(strangers[:4])}")
    seen.must(not watched["files"], f"files were opened: {', '.join(watched['files'])}")
