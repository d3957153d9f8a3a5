"""The package that shows a member's record, read from its fragment by the schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ckan import model

from ckanext.citizendata.core.hazard import without_hazards
from ckanext.citizendata.core.mapping import package_from_fragment
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.description import MAPPING_VERSION
from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["Harvested", "harvested_package"]

NAME_LENGTH = 80
# What CKAN or we decide; a feed that could set one of these would write itself rights.
OURS = frozenset(
    ["id", "name", "owner_org", "private", "state", "type", "groups", "creator_user_id", "plugin_data", "extras"]
)


@dataclass(frozen=True)
class Harvested:
    """A package ready for CKAN's actions, and the values that it can't show."""

    package: dict[str, Any]
    mapping_version: str
    problems: tuple[Problem, ...]


def harvested_package(member: Member, received: Received, package: model.Package | None) -> Harvested:
    """The package of `received`; name and resource ids are those of `package`, the one that shows it already."""
    harmless, withheld = without_hazards(received.fragment)
    projection = package_from_fragment(site_model.model().public, received.iri, harmless)
    shown = {key: value for key, value in projection.package.items() if key not in OURS}
    shown["resources"] = _resources(shown.get("resources") or [], package)
    shown |= {
        "type": dataset_type(),
        "owner_org": member.organization_id,
        "name": package.name if package else _name(member, received.iri, shown.get("title_translated") or {}),
        "state": model.State.ACTIVE,
        "audience": member.audience,
    }
    message = f"{withheld} statements are withheld: they hold script addresses, or some that no other program reads"
    hazards = (Problem("", "hazard", message, "warning"),) if withheld else ()
    return Harvested(shown, MAPPING_VERSION, (*projection.problems, *hazards))


def _name(member: Member, iri: str, titles: Mapping[str, str]) -> str:
    """A readable name that no other record can have: words of the title, and a hash of member and IRI."""
    title = titles.get("en") or next(iter(titles.values()), "")
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:NAME_LENGTH].rstrip("-") or "dataset"
    return f"{words}-{sha256(f'{member.id} {iri}'.encode()).hexdigest()[:8]}"


def _resources(described: list[dict[str, Any]], package: model.Package | None) -> list[dict[str, Any]]:
    """The resources with the ids that they have here: the file at one address keeps its page and its links."""
    known: dict[str, list[str]] = {}
    for resource in package.resources if package else ():
        known.setdefault(resource.url or "", []).append(resource.id)
    shown: list[dict[str, Any]] = []
    for each in described:
        kept = {key: value for key, value in each.items() if key not in ("id", "package_id", "url_type", "upload")}
        ids = known.get(kept.get("url") or "")
        shown.append({**kept, "id": ids.pop(0)} if ids else kept)
    return shown
