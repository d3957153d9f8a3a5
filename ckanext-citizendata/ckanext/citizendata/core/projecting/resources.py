"""Which id each file of a harvested record has: its page and the links to it stay as long as it can be recognised."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlparse
from uuid import NAMESPACE_URL, uuid5

__all__ = ["File", "guessed_format", "resource_ids"]


class File(NamedTuple):
    """What a file is recognised by; empty where its source doesn't say."""

    download: str = ""
    access: str = ""
    title: str = ""


# How a file is recognised, the surest way first; an empty key recognises nothing.
Key = tuple[str, ...]
_KEYS: Sequence[tuple[Callable[[File], Key], Callable[[File], Key]]] = (
    (lambda described: described, lambda known: known),
    (lambda described: described[:2] if any(described[:2]) else (), lambda known: known[:2]),
    (lambda described: described[:1] if described.download else (), lambda known: known[:1]),
    (lambda described: described[1:] if all(described[1:]) else (), lambda known: known[1:]),
    # One page may lead to many files: it alone is enough only where one of the two has no address for downloading.
    (lambda described: described[1:2] if described.access and not described.download else (), lambda known: known[1:2]),
    (lambda described: described[1:2] if described.access else (), lambda known: () if known.download else known[1:2]),
)


def resource_ids(package_id: str, described: Sequence[File], known: Mapping[str, File]) -> list[str]:
    """The id of each described file: of the known one that it is, each used once, else derived.

    A derived id is the same at each attempt, also after a run that broke off.
    """
    ids: dict[int, str] = {}
    free = dict(known)
    for of_described, of_known in _KEYS:
        _recognise(described, ids, free, of_described, of_known)
    taken = {*known, *ids.values()}
    for place, file in enumerate(described):
        if place not in ids:
            ids[place] = _derived(package_id, file, taken)
            taken.add(ids[place])
    return [ids[place] for place in range(len(described))]


def _recognise(
    described: Sequence[File],
    ids: dict[int, str],
    free: dict[str, File],
    of_described: Callable[[File], Key],
    of_known: Callable[[File], Key],
) -> None:
    """Moves ids from `free` to `ids` where the keys are the same, in the order of the files."""
    if not free or len(ids) == len(described):
        return
    by_key: dict[Key, list[str]] = {}
    for id_, file in free.items():
        by_key.setdefault(tuple(of_known(file)), []).append(id_)
    for place, file in enumerate(described):
        key = tuple(of_described(file))
        if key and place not in ids and (found := by_key.get(key)):
            ids[place] = found.pop(0)
            del free[ids[place]]


def _derived(package_id: str, file: File, taken: Collection[str]) -> str:
    ordinal = 0
    while (found := str(uuid5(NAMESPACE_URL, "\x1f".join((package_id, *file, str(ordinal)))))) in taken:
        ordinal += 1
    return found


def guessed_format(address: str) -> str | None:
    """The media type that the end of an address tells, None where it tells none.

    "https://data.example.org/points.csv" -> "text/csv"
    """
    try:
        parsed = urlparse(address)
        return None if parsed.scheme and not parsed.path else mimetypes.guess_type(address)[0]
    except ValueError:
        return None
