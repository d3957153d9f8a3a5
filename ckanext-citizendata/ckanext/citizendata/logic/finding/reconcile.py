"""Brings the search index in step with PostgreSQL, which alone is the truth.

What everybody finds and shouldn't goes first; then what is missing or says something older comes from CKAN's own way
into the index; last goes what no dataset stands behind. Memory stays the same whatever the number of datasets.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from ckan import model
from ckan.lib.search.common import SearchError

from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Progress
from ckanext.citizendata.logic.finding.ghosts import remove_ghosts
from ckanext.citizendata.logic.finding.index_contents import PAGE, commit, copies, count, pages, take_out
from ckanext.citizendata.logic.finding.index_held import held
from ckanext.citizendata.logic.finding.index_truth import MISSING, STALE, Stored, differences, stored, stored_after
from ckanext.citizendata.logic.finding.reindexing import LOST, reindexed
from ckanext.citizendata.logic.labels import PUBLIC
from ckanext.citizendata.model import unindexed

__all__ = ["FAILED", "KINDS", "drain", "reconcile"]

log = logging.getLogger(__name__)

# The kinds of repair, in their order.
WRONG_PUBLIC = "wrong_public"
WAITING = "waiting"
GHOSTS = "ghosts"
FAILED = "failed"
KINDS = (WRONG_PUBLIC, WAITING, MISSING, STALE, GHOSTS, FAILED)
FOR_ALL = f"permission_labels:{PUBLIC}"


def reconcile(progress: Progress, pause: float = 0.0) -> Counter[str]:
    """How many repairs of each kind were made; `pause` is how many seconds to rest after so many datasets.

    What can't be indexed counts as failed, and is tried again by the background rounds. Raises `RegistryUnavailable`.
    """
    walk = _Walk(progress, pause)
    try:
        walk.hide()
        walk.work_off()
        walk.compare()
        walk.sweep()
    except SearchError as error:
        raise RegistryUnavailable(LOST) from error
    return walk.repairs


def drain(limit: int, age: timedelta = timedelta(0)) -> int:
    """How many of the datasets that wait to be indexed were; at most so many are tried, and only what waits so long.

    Raises `RegistryUnavailable`; what wasn't indexed waits on.
    """
    return sum(reindexed(package_id) for package_id in unindexed.oldest(limit, age))


@dataclass
class _Walk:
    """One walk through index and database."""

    progress: Progress
    pause: float
    repairs: Counter[str] = field(default_factory=Counter)

    def hide(self) -> None:
        """Take out what everybody finds and PostgreSQL doesn't call public; what may be found by some waits."""
        for page in self._paced("what everybody finds", pages(FOR_ALL), count(FOR_ALL)):
            suspects = _not_public(page, stored(page))
            if suspects:
                hidden = _hidden(suspects)
                self.repairs[WRONG_PUBLIC] += hidden + remove_ghosts(suspects)
                # They wait now, and are counted already.
                self.repairs[WAITING] -= hidden

    def work_off(self) -> None:
        """Index all that waits; what fails goes behind the others, so that each is tried once."""
        began = time.monotonic()
        while package_ids := unindexed.oldest(PAGE, timedelta(seconds=time.monotonic() - began)):
            self.repairs[WAITING] += sum(reindexed(package_id) for package_id in package_ids)
            self._rest("what waits", len(package_ids), None)

    def compare(self) -> None:
        """Index what is missing or stale."""
        total = model.Session.query(model.Package).count()
        done, last = 0, ""
        while page := stored_after(last, PAGE):
            self._mend(page)
            done, last = done + len(page), list(page)[-1]
            self._rest("each dataset", done, max(done, total))

    def sweep(self) -> None:
        """Take out what no dataset stands behind."""
        for page in self._paced("each document", pages(), count()):
            self.repairs[GHOSTS] += remove_ghosts(page)

    def _mend(self, page: dict[str, Stored]) -> None:
        if not differences(page):
            return
        # Somebody may just have sent them, or written them again: they are looked at a second time.
        commit()
        for package_id in differences(stored(page)):
            kind = _mended(package_id)
            if kind:
                self.repairs[kind] += 1
        commit()

    def _paced(self, doing: str, found: Iterable[list[str]], total: int) -> Iterable[list[str]]:
        done = 0
        for page in found:
            yield page
            done += len(page)
            self._rest(doing, done, max(done, total))

    def _rest(self, doing: str, done: int, total: int | None) -> None:
        model.Session.rollback()
        self.progress(doing, done, total)
        time.sleep(self.pause)


def _not_public(package_ids: Iterable[str], known: dict[str, Stored]) -> list[str]:
    return [each for each in package_ids if each not in known or not known[each].is_public]


def _hidden(package_ids: Collection[str]) -> int:
    """How many of these datasets were taken from the index, since not everybody may find them; each waits to return."""
    held(package_ids)
    known = stored(package_ids)
    wrong = _not_public(known, known)
    if wrong:
        log.warning("The search index shows to everybody what it may not; it is hidden: %s", ", ".join(wrong))
        take_out(wrong)
        unindexed.note(wrong)
    model.Session.commit()
    return len(wrong)


def _mended(package_id: str) -> str | None:
    """The kind of repair that a document needed, once it is made; None where it is right by now."""
    held([package_id])
    kind = differences(stored([package_id])).get(package_id)
    if kind is None:
        model.Session.rollback()
        return None
    if len(copies([package_id]).get(package_id, ())) > 1:
        take_out([package_id])
    return kind if reindexed(package_id) else FAILED
