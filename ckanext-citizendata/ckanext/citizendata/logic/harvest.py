"""A harvest with everything real: the site's tables, its actions, the network."""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.federation.fetch import Fetcher, Limits
from ckanext.citizendata.federation.ports import Member, Progress
from ckanext.citizendata.federation.report import Report
from ckanext.citizendata.federation.run import Harvester
from ckanext.citizendata.logic.ledger import SqlClaims, SqlLedger, SqlRuns, member_of_row
from ckanext.citizendata.logic.publisher import ActionPublisher
from ckanext.citizendata.model import member as members

__all__ = ["harvested", "member_named"]


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


def harvested(member: Member, progress: Progress) -> Report:
    """The report of a harvest that was just run.

    Raises `HarvestRefused` where another harvest of the member is under way.
    """
    base_iri = config.base_iri()
    limits = Limits(page_bytes=config.harvest_page_bytes(), total=config.harvest_page_seconds())
    with Fetcher(limits, f"ckanext-citizendata (+{tk.config['ckan.site_url']})") as fetcher:
        harvester = Harvester(fetcher, SqlLedger(), ActionPublisher(), SqlClaims(base_iri), SqlRuns(), base_iri)
        return harvester.run(member, datetime.now(timezone.utc), progress)
