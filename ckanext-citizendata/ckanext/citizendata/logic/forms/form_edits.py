"""Two people who change one record at a time: what each of them changed, and what both did.

A form carries a short digest of each answer as it was when the form was made. So what somebody typed, what is stored
now and what she began from can be told apart without keeping anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

__all__ = ["Merge", "merged", "seen_of"]

# Says that the form was made by this code, also where nothing was answered yet.
MARK = "seen"
LENGTH = 10
_SEEN = re.compile(r"(\w+):([0-9a-f]{10})")


@dataclass(frozen=True)
class Merge:
    """`package` is what to store: the typed answers, and those of others to questions that weren't touched here.

    `conflicts` are the fields that two people answered in two ways; there `package` has what was typed. `taken` are
    those that came from others.
    """

    package: dict[str, Any]
    conflicts: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


def seen_of(package: Mapping[str, Any], names: Collection[str]) -> str:
    """The answers to these questions as a form remembers them: `seen title_translated:0a1b2c3d4e …`."""
    digests = {name: _digest(package.get(name)) for name in sorted(names)}
    return " ".join([MARK, *(f"{name}:{digest}" for name, digest in digests.items() if digest)])


def merged(typed: Mapping[str, Any], stored: Mapping[str, Any], seen: str, names: Collection[str]) -> Merge:
    """What becomes of typed answers where the record may have changed since its form was made.

    Without a form's memory (`seen` is empty) what was typed counts.
    """
    if not seen.startswith(MARK):
        return Merge(dict(typed))
    before = dict(_SEEN.findall(seen))
    package, conflicts, taken = dict(typed), [], []
    for name in sorted(typed.keys() & set(names)):
        mine, theirs = _digest(typed[name]), _digest(stored.get(name))
        begun = before.get(name, "")
        if theirs in (begun, mine):
            continue
        if mine == begun:
            package[name] = stored.get(name)
            taken.append(name)
        else:
            conflicts.append(name)
    return Merge(package, tuple(conflicts), tuple(taken))


def _digest(value: Any) -> str:
    """The answer in few characters, the same for what a form shows and sends back untouched; "" for none."""
    plain = _plain(value)
    return sha256(dumps(plain, sort_keys=True).encode()).hexdigest()[:LENGTH] if plain else ""


def _plain(value: Any) -> Any:
    """The value in words, without what is empty; lists of words in any order."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return {str(name): plain for name, each in value.items() if (plain := _plain(each))}
    if isinstance(value, (list, tuple)):
        found = [plain for each in value if (plain := _plain(each))]
        return sorted(found) if all(isinstance(each, str) for each in found) else found
    # A browser ends lines in its own way.
    return "\n".join(str(value).splitlines()).strip()
