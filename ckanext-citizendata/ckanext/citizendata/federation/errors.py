"""What can go wrong with the world outside: each message is a sentence for the person who runs the harvest."""

from __future__ import annotations

__all__ = ["HarvestRefused", "RegistryUnavailable", "SourceMalformed", "SourceUnreachable"]


class SourceUnreachable(Exception):  # noqa: N818 - named for the state of the source, as in the glossary
    """A feed that couldn't be read from the network."""

    def __init__(self, url: str, reason: str, advice: str) -> None:
        super().__init__(f"{url} {reason}. {advice}")
        self.url = url


class SourceMalformed(Exception):  # noqa: N818 - named for the state of the source, as in the glossary
    """A feed that was read but isn't what it should be; `line` counts from 1."""

    def __init__(self, url: str, reason: str, line: int | None = None) -> None:
        place = f", line {line}" if line else ""
        super().__init__(f"{url}{place}: {reason}")
        self.url = url
        self.line = line


class RegistryUnavailable(Exception):  # noqa: N818 - named for the state of the registry
    """A service of the registry itself that a run can't go on without; what was published before stays."""


class HarvestRefused(Exception):  # noqa: N818 - a refusal is no error of the program
    """A harvest that doesn't start, as when the same member is being harvested already."""
