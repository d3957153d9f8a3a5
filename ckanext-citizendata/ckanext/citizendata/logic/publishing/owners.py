"""Whose a member's records are here: an organisation for each publisher that one was chosen for, else the member's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.publishers import publisher_key
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.model import publisher as publishers

__all__ = ["Owners", "organizations_of", "owners"]


@dataclass(frozen=True)
class Owners:
    """The organisations of one member's records: `others` by the key of the publisher."""

    own: str | None
    others: Mapping[str, str]

    def of(self, package: Mapping[str, Any]) -> str | None:
        """The id of the organisation that a package belongs to, by what its source says of the publisher."""
        key = publisher_key(package.get("publisher")) if self.others else None
        return self.others.get(key or "", self.own)


def owners(member: Member) -> Owners:
    """The organisations of a member's records, as they were chosen till now."""
    return Owners(member.organization_id, publishers.organizations(member.id))


def organizations_of(member: Member) -> Sequence[str]:
    """The ids of all organisations that records of a member may belong to."""
    found = {member.organization_id, *publishers.organizations(member.id).values()}
    return sorted(each for each in found if each)
