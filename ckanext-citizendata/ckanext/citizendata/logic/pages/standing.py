"""What a page says about a record's standing: whose it is, who may see it, whether it was withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import LIVE, WITHDRAWN, member_of
from ckanext.citizendata.federation.ports import ALSO_LISTED, HIDDEN, MISSING, PUBLISHED
from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.publishing.ledger import SqlLedger, entry_of_row
from ckanext.citizendata.model import ledger
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records


@dataclass(frozen=True)
class Standing:
    """`origin` is the title of the catalogue that a harvested record comes from, `origin_url` its page there.

    `also_listed` are the titles of the other catalogues for everyone that list it; since `public_since` everyone may
    read it, or could.
    """

    withdrawn: bool
    audience: str | None
    capped: bool
    origin: str | None
    origin_url: str | None
    also_listed: tuple[str, ...] = ()
    public_since: datetime | None = None

    @property
    def stays_here(self) -> bool:
        """Whether the record isn't for everyone, so that it doesn't leave this catalogue."""
        return not audiences.is_open(self.audience)


def standing(package: Mapping[str, Any]) -> Standing:
    """The standing of a package as shown; one without a record (a draft) is this site's own."""
    record = records.by_package(str(package.get("id") or ""))
    audience = record.audience if record else audiences.effective(package)
    member_id = member_of(record.authority) if record else None
    member = members.by_id(member_id) if member_id else None
    return Standing(
        withdrawn=bool(record and record.state == WITHDRAWN),
        audience=audience,
        capped=audience != audiences.readable(package.get("audience")),
        origin=(member.title if member else member_id),
        origin_url=_web_address(record.iri if record else "", member.url if member else None) if member_id else None,
        also_listed=_also_listed(record.iri) if record and member_id else (),
        public_since=record.public_since if record else None,
    )


def _also_listed(iri: str) -> tuple[str, ...]:
    """Whether a catalogue that isn't for everyone lists a record is nobody's business."""
    found = map(members.by_id, ledger.listing(iri, [ALSO_LISTED]))
    return tuple(each.title for each in found if each and audiences.is_open(each.audience))


def _web_address(iri: str, otherwise: str | None) -> str | None:
    return iri if iri.startswith(("http://", "https://")) else otherwise


def may_withdraw(package: Mapping[str, Any]) -> bool:
    """Whether the person who looks at the page may withdraw the record."""
    return _may("citizendata_record_withdraw", package) and taken_back_by_source(package["id"]) is None


def may_restore(package: Mapping[str, Any]) -> bool:
    """Whether the person who looks at the page may bring a withdrawn record back."""
    return _may("citizendata_record_restore", package) and taken_back_by_source(package["id"]) is None


def taken_back_by_source(package_id: str) -> sa.Row[Any] | None:
    """The record of a member that its source took back, None where this site may decide.

    It may about what is only hidden while its source doesn't list it.
    """
    row = records.by_package(package_id)
    member_id = member_of(row.authority) if row else None
    if row is None or member_id is None or row.state == LIVE:
        return None
    entry = ledger.by_iri(member_id, row.iri)
    is_ours = entry is not None and (entry.state == HIDDEN or (entry.state == WITHDRAWN and entry.decided))
    return None if is_ours else row


def before_withdrawal(package_id: str) -> str:
    """The state of a record, as the ledger calls it, before it was withdrawn here and after it is restored.

    What its source doesn't list is missing, or hidden where nobody may read it meanwhile; all else is published.
    """
    row = records.by_package(package_id)
    member_id = member_of(row.authority) if row else None
    found = ledger.by_iri(member_id, row.iri) if row and member_id else None
    if found is None or found.missing_since is None:
        return PUBLISHED
    return HIDDEN if SqlLedger().guarded([entry_of_row(found)]) else MISSING


def _may(action: str, package: Mapping[str, Any]) -> bool:
    if tk.current_user.is_anonymous:
        return False
    try:
        return bool(tk.check_access(action, reader(), {"id": package["id"]}))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
