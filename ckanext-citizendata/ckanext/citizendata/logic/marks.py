"""Who may write a record that comes from a member: the harvest, inside `publishing`, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

_MARK = "ckanext.citizendata.publishing"


@dataclass(frozen=True)
class Incoming:
    """A record as a member's feed brought it, in N-Triples; without an audience it takes the member's own."""

    iri: str
    fragment: str
    fingerprint: str
    mapping_version: str
    residue: str = ""
    audience: str | None = None


@dataclass(frozen=True)
class Publishing:
    """What is being published now; without `incoming` the statements of the record stay as they are."""

    member_id: str
    incoming: Incoming | None = None


@contextmanager
def publishing(member_id: str, incoming: Incoming | None = None) -> Iterator[None]:
    """Opens this member's records to the actions called inside, which then write `incoming` beside the package."""
    before = current()
    model.Session().info[_MARK] = Publishing(member_id, incoming)
    try:
        yield
    finally:
        # The session may be another one by now: purging a package ends with a new one.
        model.Session().info[_MARK] = before


def current() -> Publishing | None:
    """What this session is publishing."""
    return model.Session().info.get(_MARK)


def refuse_edit(package_id: str) -> None:
    """Raises NotAuthorized where the record comes from a member and isn't being published, sysadmins included."""
    reason = refusal(package_id)
    if reason:
        raise tk.NotAuthorized(reason)


def refusal(package_id: str) -> str | None:
    """Why nobody may edit this record here, None for records of this site."""
    authority = records.authority_of(package_id)
    member_id = member_of(authority) if authority else None
    now = current()
    if member_id is None or (now is not None and now.member_id == member_id):
        return None
    member = members.by_id(member_id)
    return tk._("This record comes from {member}; change it there.").format(
        member=member.title if member else member_id
    )
