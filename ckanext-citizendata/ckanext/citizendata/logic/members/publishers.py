"""The publishers of a member's records, and the organisations that people choose for them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import index_update_package

from ckanext.citizendata.core.batches import batches
from ckanext.citizendata.core.publishers import LONGEST, publisher_key, publisher_name
from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.logic.publishing.publisher import SEARCH_FAILS
from ckanext.citizendata.model import publisher as publishers

__all__ = ["mapped", "seen"]

# So many packages are moved in one transaction.
AT_ONCE = 50
ORGANIZATION = "organization"


def seen(member: Member) -> list[dict[str, Any]]:
    """Each publisher that the member's records name, and each that an organisation was chosen for, the largest first.

    Records without a publisher are counted under None.
    """
    chosen = publishers.organizations(member.id)
    counts: defaultdict[str | None, int] = defaultdict(int)
    names: dict[str | None, str] = {}
    for said, number in publishers.named(MEMBER + member.id):
        rows = _rows(said)
        key = publisher_key(rows)
        counts[key] += number
        names.setdefault(key, publisher_name(rows))
    for key in chosen:
        counts[key] += 0
    found = [_shown(key, names.get(key, ""), number, chosen.get(key or "")) for key, number in counts.items()]
    return sorted(found, key=lambda each: (-each["records"], each["publisher"] or ""))


def _rows(said: str | None) -> Sequence[Mapping[str, Any]]:
    return json.loads(said) if said else ()


def _shown(key: str | None, name: str, number: int, organization_id: str | None) -> dict[str, Any]:
    organization = model.Group.get(organization_id) if organization_id else None
    return {
        "publisher": key,
        "name": name,
        "records": number,
        "organization": organization.name if organization else None,
    }


def mapped(member: Member, publisher: str, reference: str) -> dict[str, Any]:
    """The organisation that a publisher's records belong to from now on, and how many were moved to it.

    With the member's own organisation nothing is kept of the choice. Raises `ValidationError` for what is no
    organisation, while the member is harvested, and where the search engine doesn't answer; the next call goes on.
    """
    key = " ".join(publisher.split())
    if not key or len(key.encode()) > LONGEST:
        raise tk.ValidationError({"publisher": ["Name the publisher by its address, or as its records do"]})
    organization = model.Group.get(reference)
    if organization is None or not organization.is_organization or organization.state != model.State.ACTIVE:
        raise tk.ValidationError({"organization": [f"There is no organisation {reference}"]})
    try:
        with SqlRuns().alone(member.id):
            return {"organization": organization.name, "moved": _mapped(member, key, organization.id)}
    except (HarvestRefused, RegistryUnavailable) as error:
        message = f"{error}. What is moved by now stays; say it again later"
        raise tk.ValidationError({"id": [message]}) from error


def _mapped(member: Member, key: str, organization_id: str) -> int:
    if organization_id == member.organization_id:
        publishers.remove(member.id, key)
    else:
        publishers.write(member.id, key, organization_id)
    model.Session.commit()
    authority = MEMBER + member.id
    said = [text for text, _ in publishers.named(authority) if text and publisher_key(_rows(text)) == key]
    moved = publishers.packages(authority, said, organization_id)
    for some in batches(moved, AT_ONCE):
        _move(some, organization_id)
    return len(moved)


def _move(package_ids: Sequence[str], organization_id: str) -> None:
    """Moves packages past CKAN's actions, which let nobody edit what comes from a member."""
    package, membership = model.package_table, model.member_table
    connection = model.Session.connection()
    connection.execute(sa.update(package).where(package.c.id.in_(package_ids)).values(owner_org=organization_id))
    theirs = membership.c.table_id.in_(package_ids), membership.c.capacity == ORGANIZATION
    connection.execute(
        sa.update(membership).where(*theirs, membership.c.group_id != organization_id).values(state=model.State.DELETED)
    )
    known = connection.execute(
        sa.update(membership)
        .where(*theirs, membership.c.group_id == organization_id)
        .values(state=model.State.ACTIVE)
        .returning(membership.c.table_id)
    )
    new = [_membership(id_, organization_id) for id_ in sorted({*package_ids} - {*known.scalars()})]
    if new:
        connection.execute(sa.insert(membership), new)
    model.Session.expire_all()
    _index(package_ids)
    model.Session.commit()


def _membership(package_id: str, organization_id: str) -> dict[str, str]:
    return {
        "id": str(uuid4()),
        "table_name": "package",
        "table_id": package_id,
        "capacity": ORGANIZATION,
        "group_id": organization_id,
        "state": model.State.ACTIVE,
    }


def _index(package_ids: Sequence[str]) -> None:
    """Before the commit: who may not read a record any more doesn't find it any more either."""
    try:
        for package_id in package_ids:
            index_update_package(the_site(), package_id)
    except SEARCH_FAILS as error:
        model.Session.rollback()
        raise RegistryUnavailable("the search engine of this registry doesn't answer") from error
