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
from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.core.mapping import package_from_fragment
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.projecting import EMPTY_FILE, File, Values, guessed_format, resource_ids, values_of
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.publishing.owners import owners

__all__ = ["Harvested", "Projected", "file_ids", "harvested_package", "known_file", "name_for", "projected"]

NAME_LENGTH = 80
# What CKAN or we decide; a feed that could set one of these would write itself rights.
OURS = frozenset(
    ["id", "name", "owner_org", "private", "state", "type", "groups", "creator_user_id", "plugin_data", "extras"]
)


# What says where CKAN keeps a file.
OURS_OF_FILES = frozenset({"id", "package_id", "url_type", "upload"})
STALE = "stale"


@dataclass(frozen=True)
class Harvested:
    """A package ready for CKAN's actions, what is readable of it, and the values that it can't show."""

    package: dict[str, Any]
    mapping_version: str
    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Projected:
    """What a record says by the schema: as it was read, and what of that is readable; and what can't be shown."""

    package: Mapping[str, Any]
    values: Values
    problems: tuple[Problem, ...]


def projected(member: Member, received: Received) -> Projected:
    """The projection of `received`, without what CKAN or we decide; its audience is the member's."""
    model_ = site_model.model()
    harmless, withheld = without_hazards(received.fragment)
    projection = package_from_fragment(model_.public, received.iri, harmless)
    package = {key: value for key, value in projection.package.items() if key not in OURS}
    package["resources"] = [_described(each) for each in package.get("resources") or ()]
    package["audience"] = member.audience
    message = f"{withheld} statements are withheld: they hold script addresses, or some that no other program reads"
    hazards = (Problem("", "hazard", message, "warning"),) if withheld else ()
    return Projected(package, values_of(model_, package), (*projection.problems, *hazards))


def harvested_package(member: Member, received: Received, package: model.Package | None) -> Harvested:
    """The package of `received`; name and resource ids are those of `package`, the one that shows it already.

    Of the files of `package` those answers are cleared that its source doesn't give any more, which CKAN would keep.
    """
    read = projected(member, received)
    known = {each.id: each for each in package.resources} if package else {}
    ids = file_ids(
        member,
        received.iri,
        read.values,
        {id_: known_file(each.url, each.name, each.extras) for id_, each in known.items()},
    )
    for id_, file in zip(ids, read.values.files, strict=True):
        if id_ in known:
            _clear(known[id_], file)
    shown = {
        **read.package,
        # Without a media type of ours CKAN guesses one.
        "resources": [
            {"mimetype": "", **each, "id": id_} for id_, each in zip(ids, read.package["resources"], strict=True)
        ],
        "type": dataset_type(),
        "owner_org": owners(member).of(read.values.package),
        "name": package.name if package else name_for(member, received.iri, read.package.get("title_translated") or {}),
        "state": model.State.ACTIVE,
    }
    return Harvested(shown, mapping_version(), read.values.package, read.problems)


def _described(file: Mapping[str, Any]) -> dict[str, Any]:
    """A file as its source describes it, in the format that its address tells where its source doesn't."""
    kept = {key: value for key, value in file.items() if key not in OURS_OF_FILES}
    if not kept.get("format") and kept.get("url"):
        guessed = guessed_format(str(kept["url"]))
        kept |= {"format": guessed} if guessed else {}
    return kept


def file_ids(member: Member, iri: str, values: Values, known: Mapping[str, File]) -> list[str]:
    """The id of each file: the file at one address keeps its page and its links."""
    described = [
        File(each.get("download_url") or "", each.get("url") or "", each.get("name") or "") for each in values.files
    ]
    return resource_ids(derived_id(member.id, iri), described, known)


def known_file(url: str | None, name: str | None, extras: Mapping[str, Any] | None) -> File:
    """What a file that is here already is recognised by."""
    return File((extras or {}).get("download_url") or "", url or "", name or "")


def _clear(resource: model.Resource, file: Mapping[str, Any]) -> None:
    """Clears the columns that the file doesn't fill any more; an update of CKAN leaves most of them as they are."""
    stale = [name for name, empty in EMPTY_FILE.items() if name not in file and getattr(resource, name) != empty]
    for name in stale:
        setattr(resource, name, EMPTY_FILE[name])
    if stale:
        # CKAN indexes only what it sees change, and a row that was cleared before looks as it should.
        resource.extras = {STALE: ""}  # type: ignore[assignment]


def name_for(member: Member, iri: str, titles: Mapping[str, str]) -> str:
    """A readable name that no other record can have: words of the title, and a hash of member and IRI."""
    title = titles.get("en") or next(iter(titles.values()), "")
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:NAME_LENGTH].rstrip("-") or "dataset"
    return f"{words}-{sha256(f'{member.id} {iri}'.encode()).hexdigest()[:8]}"
