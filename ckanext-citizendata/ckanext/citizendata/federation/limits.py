"""How much a member's feed may cost the registry."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take, and how many pages a feed may have.

    Seconds to connect, between two bytes, and for all of a page with its redirects, second tries and the pauses
    between them; bytes of a page when unpacked, and those up to which it is held in memory. `tries` counts the first
    one; the second follows at once, later ones after 2, 4, 8… times `pause` seconds, or when the server asks for, but
    never after more than `longest_pause`. A feed that changed under its reader is read anew so many times (`restarts`),
    after pauses of the same kind. Of the process that parses: seconds of CPU time for a page, and bytes of address
    space.
    """

    connect: float = 5.0
    idle: float = 15.0
    total: float = 300.0
    page_bytes: int = 1024 * 1024 * 1024
    held_bytes: int = 8 * 1024 * 1024
    pages: int = 10_000
    redirects: int = 3
    restarts: int = 3
    tries: int = 4
    pause: float = 1.0
    longest_pause: float = 60.0
    parser_seconds: int = 60
    parser_bytes: int = 1024 * 1024 * 1024
