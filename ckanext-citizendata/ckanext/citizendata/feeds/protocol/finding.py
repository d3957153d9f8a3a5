"""What a site answered, and what a check of it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["Check", "Get", "Reply", "Unanswered", "failed", "passed"]


class Unanswered(Exception):  # noqa: N818 - named for the state of the site
    """No answer could be had; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of HTTP, unpacked; names of headers in small letters."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """What it says it is, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


# Address and headers -> what is answered; raises `Unanswered`.
Get: TypeAlias = Callable[[str, Mapping[str, str]], Reply]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report: what the protocol asks for, what is there, and what to do where that differs."""

    name: str
    passed: bool
    expected: str
    found: str
    advice: str = ""


def passed(name: str, expected: str, found: str) -> Check:
    """A check that is as the protocol asks for."""
    return Check(name, True, expected, found)


def failed(name: str, expected: str, found: str, advice: str) -> Check:
    """A check that isn't."""
    return Check(name, False, expected, found, advice)
