"""A harvest with everything real: the site's tables, its actions, the network."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from ipaddress import ip_network

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.federation.fetch import Fetcher, Limits
from ckanext.citizendata.federation.gate import Gate
from ckanext.citizendata.federation.ports import Member, Progress
from ckanext.citizendata.federation.report import Report
from ckanext.citizendata.federation.run import Harvester
from ckanext.citizendata.logic.ledger import SqlClaims, SqlLedger, SqlRuns, member_of_row
from ckanext.citizendata.logic.publisher import ActionPublisher
from ckanext.citizendata.model import member as members

__all__ = ["apart", "harvested", "member_named"]


def member_named(member_id: str) -> Member:
    """The member of this name.

    Raises `ObjectNotFound` with the names that there are.
    """
    row = members.by_id(member_id)
    if row is None:
        names = ", ".join(each.id for each in members.every()) or "none yet"
        message = f"There is no member {member_id}; members are: {names}"
        raise tk.ObjectNotFound(message)
    return member_of_row(row)


def apart() -> timedelta:
    """The least time between two absences that count."""
    return timedelta(hours=config.harvest_absence_hours())


def harvested(member: Member, progress: Progress, now: datetime | None = None) -> Report:
    """The report of a harvest that was just run; `now` is the time that absences are counted by, else the clock's.

    Raises `HarvestRefused` where another harvest of the member is under way.
    """
    base_iri = config.base_iri()
    with Fetcher(_limits(), f"ckanext-citizendata (+{tk.config['ckan.site_url']})", _gate()) as fetcher:
        harvester = Harvester(
            fetcher, SqlLedger(), ActionPublisher(), SqlClaims(base_iri), SqlRuns(), base_iri, apart()
        )
        return harvester.run(member, now or datetime.now(timezone.utc), progress)


def _limits() -> Limits:
    return Limits(
        page_bytes=config.harvest_page_bytes(),
        total=config.harvest_page_seconds(),
        parser_seconds=config.harvest_parser_seconds(),
        parser_bytes=config.harvest_parser_bytes(),
    )


def _gate() -> Gate:
    """What the site's options open. Raises `ValueError` that quotes what is no network or port."""
    networks = tuple(map(ip_network, config.harvest_networks()))
    return Gate(networks, frozenset(map(int, config.harvest_ports())))
