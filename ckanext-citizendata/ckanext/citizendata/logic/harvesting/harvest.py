"""A harvest with everything real: the site's tables, its actions, the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.beside import Begin, Beside
from ckanext.citizendata.federation.feed_state import FeedStates
from ckanext.citizendata.federation.fetch import Fetcher, Limits
from ckanext.citizendata.federation.gate import Gate
from ckanext.citizendata.federation.ports import Member, Progress, Publisher, Told
from ckanext.citizendata.federation.preparing import Preparer
from ckanext.citizendata.federation.report import Item, Report
from ckanext.citizendata.federation.run import Harvester
from ckanext.citizendata.federation.sources import sources
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.feeds import feed_jobs
from ckanext.citizendata.logic.harvesting.feed_states import Afresh, SqlFeedStates
from ckanext.citizendata.logic.harvesting.garbage import rarely_collected
from ckanext.citizendata.logic.publishing.batch import BatchPublisher
from ckanext.citizendata.logic.publishing.fits import misfit
from ckanext.citizendata.logic.publishing.index import IndexWriter
from ckanext.citizendata.logic.publishing.ledger import SqlClaims, SqlLedger, SqlRuns, member_of_row
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import member as members

__all__ = ["Way", "apart", "harvested", "harvested_whole", "imported", "limits", "member_named", "preparer"]


def member_named(member_id: str) -> Member:
    """The member of this name.

    Raises `ObjectNotFound` with the names that there are.
    """
    row = members.by_id(sought(member_id))
    if row is None:
        names = ", ".join(each.id for each in members.every()) or "none yet"
        message = f"There is no member {member_id}; members are: {names}"
        raise tk.ObjectNotFound(message)
    return member_of_row(row)


def apart() -> timedelta:
    """The least time between two absences that count."""
    return timedelta(hours=config.harvest_absence_hours())


def _to_nobody(_items: Sequence[Item]) -> None:
    return None


def harvested(
    member: Member,
    progress: Progress,
    now: datetime | None = None,
    told: Told = _to_nobody,
    plan: str | None = None,
) -> Report:
    """The report of a harvest that was just run; `now` is the time that absences are counted by, else the clock's.

    What became of each record is `told` as it happens, and stored but for what is unchanged. With the hash of a `plan`
    nothing else is done than what that says.

    Raises `PlanChanged` where something else would be done, and `HarvestRefused` where another harvest of the member is
    under way.
    """
    with _harvester(Way()) as harvester:
        return harvester.run(member, now or datetime.now(timezone.utc), progress, told, plan)


def harvested_whole(member: Member, progress: Progress, plan: str | None = None) -> Report:
    """The same of a harvest that reads all pages of a signed feed, also those that it read before."""
    with _harvester(Way(states=Afresh(SqlFeedStates()))) as harvester:
        return harvester.run(member, datetime.now(timezone.utc), progress, _to_nobody, plan)


def imported(member: Member, progress: Progress, files: Getter) -> Report:
    """The same of a harvest that reads a signed feed from files in place of the network."""
    with _harvester(Way(getter=files)) as harvester:
        return harvester.run(member, datetime.now(timezone.utc), progress, _to_nobody)


@dataclass(frozen=True, slots=True)
class Way:
    """How feeds come here, where that is otherwise than in any harvest: within other limits, by another getter than the
    network's, beside something else than what is known of them.
    """

    within: Limits | None = None
    getter: Getter | None = None
    states: FeedStates = field(default_factory=SqlFeedStates)


@contextmanager
def _harvester(way: Way) -> Iterator[Harvester]:
    # Forked with the model, and while this process has no other thread.
    site_model.model()
    with (
        rarely_collected(),
        Beside() as beside,
        _publisher(beside.begin) as publisher,
        preparer(beside.begin, way) as reading,
    ):
        yield Harvester(reading, publisher, SqlRuns(), way.states, config.harvest_batch_records())
    feed_jobs.ask()


@contextmanager
def preparer(begin: Begin, way: Way | None = None) -> Iterator[Preparer]:
    """What reads feeds beside this site's ledger, as its options say; `begin` does what needs no table."""
    way = way or Way()
    base_iri = config.base_iri()
    with _getter(way) as getter:
        read = sources(site_model.model().public, way.states)
        yield Preparer(getter, read, SqlLedger(), SqlClaims(base_iri), base_iri, begin, apart())


@contextmanager
def _getter(way: Way) -> Iterator[Getter]:
    if way.getter:
        yield way.getter
    else:
        agent = f"ckanext-citizendata (+{tk.config['ckan.site_url']})"
        with Fetcher(way.within or limits(), agent, _gate()) as fetcher:
            yield fetcher


@contextmanager
def _publisher(begin: Begin) -> Iterator[Publisher]:
    """Batches, where they are known to leave what CKAN's actions leave; else one action a record, which is slow."""
    reason = misfit()
    if reason:
        yield ActionPublisher(reason)
    else:
        with IndexWriter() as index:
            yield BatchPublisher(index, begin)


def limits() -> Limits:
    """How much a page may cost here."""
    return Limits(
        page_bytes=config.harvest_page_bytes(),
        total=config.harvest_page_seconds(),
        parser_seconds=config.harvest_parser_seconds(),
        parser_bytes=config.harvest_parser_bytes(),
    )


def _gate() -> Gate:
    """What the site's options open."""
    return Gate(config.harvest_networks(), frozenset(config.harvest_ports()))
