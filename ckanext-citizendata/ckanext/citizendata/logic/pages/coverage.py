"""How many records everyone may read about whom, on what and where: counted once for each change, for all readers.

The numbers are the same for everyone, whoever looks: so no two readers can tell from them that there is a record which
one of them may not see.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from babel.core import get_global

from ckanext.citizendata.core.coverage import AXES, COUNTRY, Alike, Axes, Coverage, Tally, counted, offered
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic import own_type, site_model
from ckanext.citizendata.logic.values.raw_values import value_of_json
from ckanext.citizendata.model import coverage as table

__all__ = ["Counted", "country_named", "counted_now", "lists"]

# Where counting takes longer than this many seconds, it isn't done again for so many times as long.
LONG, PATIENCE = 1.0, 10.0


@dataclass(frozen=True)
class Counted:
    """What was counted, and a short name for the state in which it was."""

    coverage: Coverage
    revision: str


class _Kept:
    """The last count, made anew after a change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: Counted | None = None
        self._until = 0.0

    def now(self) -> Counted:
        """What is true now; on a site where counting takes long, what was true some seconds ago."""
        with self._lock:
            if self._counted is None or time.monotonic() >= self._until:
                state = revision(table.state(), site_model.digest(), own_type.dataset_type())
                if self._counted is None or self._counted.revision != state:
                    self._counted = self._made(state)
            return self._counted

    def _made(self, state: str) -> Counted:
        start = time.monotonic()
        made = Counted(_counted(site_model.model()), state)
        took = time.monotonic() - start
        self._until = time.monotonic() + (took * PATIENCE if took > LONG else 0.0)
        return made


_KEPT = _Kept()


def counted_now() -> Counted:
    """What everyone may read, counted."""
    return _KEPT.now()


def lists() -> Mapping[str, Vocabulary]:
    """By axis, the list of its codes."""
    fields = ((axis, site_model.model().schema.field(axis)) for axis in AXES)
    return {axis: site_model.vocabulary(str(field.vocabulary)) for axis, field in fields if field}


def country_named(text: str) -> str | None:
    """The code of the country that a reader means: a code of two or three letters, or a name in any language."""
    countries = lists()[COUNTRY]
    code = text.strip().upper()
    concept = countries.by_label(text)
    found = _by_two_letters(countries.codes).get(code, code if code in countries else concept and concept.code)
    return found if found in offered(countries) else None


@cache
def _by_two_letters(codes: Sequence[str]) -> Mapping[str, str]:
    """The codes of three letters by those of two, as CLDR has them."""
    aliases = get_global("territory_aliases")
    return {aliases[code][0]: code for code in codes if len(aliases.get(code, ())) == 1}


def _counted(model: Model) -> Coverage:
    axes = model.kept(Axes)
    rows = table.alike(own_type.dataset_type(), axes.fields)
    codes = _Codes()
    return counted(
        axes,
        (
            Alike(tuple(codes.of(text) for text in answers), Tally(records, by_sex, by_gender))
            for *answers, records, by_sex, by_gender in rows
        ),
    )


class _Codes:
    """Reads lists of codes as they are stored; the same text is read once."""

    def __init__(self) -> None:
        self._read: dict[str | None, tuple[str, ...]] = {}

    def of(self, text: str | None) -> tuple[str, ...]:
        """The codes of an answer; one that isn't a list is a code."""
        if text not in self._read:
            value = value_of_json(text) if text else []
            listed = value if isinstance(value, list) else [value]
            self._read[text] = tuple(code for code in listed if isinstance(code, str))
        return self._read[text]
