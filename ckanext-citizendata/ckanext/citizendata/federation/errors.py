"""What can go wrong with the world outside: each message is a sentence for the person who runs the harvest.

Each error also has an `outcome` for programs, such as `rejected(dtd)` or `failed(timeout)`: `rejected` for what can't
be taken as it is, `failed` for what couldn't be had. Messages about a source end with it. The codes are listed in
docs/reference/harvest-outcomes.md.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "Code",
    "DecisionWanted",
    "HarvestRefused",
    "MemberInactive",
    "PlanChanged",
    "PlanWanted",
    "RegistryUnavailable",
    "RunStopped",
    "SourceChanged",
    "SourceGone",
    "SourceMalformed",
    "SourceUnreachable",
]

Code = Literal[
    "address",
    "also_listed",
    "broken_off",
    "busy",
    "certificate",
    "changing",
    "dcat_us",
    "dtd",
    "empty",
    "encoding",
    "epoch",
    "expired",
    "hash",
    "interrupted",
    "key_changed",
    "looped",
    "malformed",
    "misstated",
    "not_active",
    "other_catalogue",
    "owner_gone",
    "pagination",
    "pagination_origin",
    "parser_died",
    "plan_changed",
    "redirect",
    "registry",
    "remote_context",
    "rollback",
    "running",
    "signature",
    "ssrf",
    "status",
    "stopped",
    "timeout",
    "too_costly",
    "too_large",
    "unreachable",
    "watched",
    "web_page",
]


class SourceUnreachable(Exception):  # noqa: N818 - named for the state of the source, as in the glossary
    """A feed that couldn't be read from the network."""

    def __init__(self, url: str, reason: str, advice: str, code: Code = "unreachable") -> None:
        self.url = url
        self.reason = reason
        self.advice = advice
        self.code: Code = code
        super().__init__(f"{self.sentence} [{self.outcome}]")

    @property
    def sentence(self) -> str:
        """What to tell a person who has no use for codes."""
        return f"{self.url} {self.reason}. {self.advice}"

    @property
    def outcome(self) -> str:
        """What to tell a program."""
        return f"failed({self.code})"


class SourceGone(SourceUnreachable):
    """An address where nothing is any more, or never was: its server answers 410 or 404."""


class SourceChanged(SourceUnreachable):
    """A feed of which a page was taken back while it was read: it is to be read anew, and nothing is missing for it."""


class SourceMalformed(Exception):  # noqa: N818 - named for the state of the source, as in the glossary
    """A feed that was read but isn't what it should be; `line` counts from 1."""

    def __init__(self, url: str, reason: str, line: int | None = None, code: Code = "malformed") -> None:
        self.url = url
        self.reason = reason
        self.line = line
        self.code: Code = code
        super().__init__(f"{self.sentence} [{self.outcome}]")

    @property
    def sentence(self) -> str:
        """What to tell a person who has no use for codes."""
        place = f", line {self.line}" if self.line else ""
        return f"{self.url}{place}: {self.reason}"

    @property
    def outcome(self) -> str:
        """What to tell a program."""
        return f"rejected({self.code})"


class DecisionWanted(SourceMalformed):
    """A feed that isn't read till a person decides: about the key `x`, "" for none, or the `epoch`, 0 for none."""

    def __init__(self, url: str, reason: str, code: Code, x: str = "", epoch: int = 0) -> None:
        self.x = x
        self.epoch = epoch
        super().__init__(url, reason, code=code)


class RegistryUnavailable(Exception):  # noqa: N818 - named for the state of the registry
    """A service of the registry itself that a run can't go on without; what was published before stays."""

    code: Code = "registry"
    outcome = f"failed({code})"


class RunStopped(RegistryUnavailable):
    """A run that has to end though nothing is broken: a person stopped it, or another worker took over."""

    code: Code = "stopped"
    outcome = f"failed({code})"


class HarvestRefused(Exception):  # noqa: N818 - a refusal is no error of the program
    """A harvest that doesn't start, as when the same member is being harvested already."""

    code: Code = "running"
    outcome = f"refused({code})"


class PlanChanged(HarvestRefused):
    """A harvest that doesn't do anything, since it would do something else than what a person agreed to."""

    code: Code = "plan_changed"
    outcome = f"refused({code})"


class PlanWanted(HarvestRefused):
    """A harvest of a watched member without a plan that a person looked at."""

    code: Code = "watched"
    outcome = f"refused({code})"


class MemberInactive(HarvestRefused):
    """A harvest of a catalogue that only applied, was refused, or is suspended."""

    code: Code = "not_active"
    outcome = f"refused({code})"
