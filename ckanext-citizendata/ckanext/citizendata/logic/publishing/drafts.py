"""Each record of a batch as it will stand here: made from its statements and from what is here of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.projecting import StoredFile, StoredPackage, stored, text_for_site
from ckanext.citizendata.federation.ports import Member, Publication
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.publishing.harvested import Projected, file_ids, known_file, name_for
from ckanext.citizendata.logic.publishing.owners import Owners
from ckanext.citizendata.logic.publishing.rows import Before, Draft
from ckanext.citizendata.logic.values.dataset_rules import TITLE_LENGTH

__all__ = ["Drafter", "Site", "this_site"]


@dataclass(frozen=True)
class Site:
    """What this site adds to each record: its model, type and language, and the user who makes new packages."""

    model: Model
    package_type: str
    language: str
    creator: str


def this_site(creator: str) -> Site:
    """The site as it is configured; whoever makes many drafts asks once."""
    language = str(tk.config.get("ckan.locale_default") or "en").replace("_", "-")
    return Site(site_model.model(), dataset_type(), language, creator)


@dataclass(frozen=True)
class Drafter:
    """Makes the drafts of one batch.

    `limit` is the widest audience that the member's records may have now, `owners` says whose they are.
    """

    site: Site
    member: Member
    limit: str | None
    owners: Owners
    before: Before
    now: datetime

    def draft(self, publication: Publication, read: Projected, package_id: str) -> Draft:
        """The record as it will stand here under this id."""
        received = publication.received
        given = next(iter(received.listing.audiences), None)
        audience = audiences.lowest(audiences.readable(given or self.limit), self.limit)
        return Draft(
            iri=received.iri,
            fragment=received.fragment,
            fingerprint=received.fingerprint,
            mapping_version=mapping_version(),
            audience=audience,
            package=self._package(received.iri, read, package_id, private=not audiences.is_open(audience)),
            entry=replace(publication.after, package_id=package_id),
            custody=received.listing.custody,
        )

    def _package(self, iri: str, read: Projected, package_id: str, *, private: bool) -> StoredPackage:
        columns, extras, files = stored(self.site.model, read.values)
        before = self.before.packages.get(package_id)
        name = before["name"] if before else name_for(self.member, iri, read.package.get("title_translated") or {})
        row = {
            "id": package_id,
            "name": name,
            "title": (self._text(read, "title") or name)[:TITLE_LENGTH],
            "notes": self._text(read, "notes"),
            **dict.fromkeys(("author", "author_email", "maintainer", "maintainer_email", "license_id")),
            **columns,
            "type": self.site.package_type,
            "owner_org": self.owners.of(read.values.package),
            "creator_user_id": before["creator_user_id"] if before else self.site.creator,
            "metadata_created": before["metadata_created"] if before else self._naive,
            "metadata_modified": self._naive,
            "private": private,
            "state": model.State.ACTIVE,
            "plugin_data": before["plugin_data"] if before else None,
        }
        return StoredPackage(row, extras, self._files(iri, read, package_id, files), read.values.package)

    @property
    def _naive(self) -> datetime:
        return self.now.replace(tzinfo=None)

    def _files(self, iri: str, read: Projected, package_id: str, files: list[StoredFile]) -> list[StoredFile]:
        rows = {row["id"]: row for row in self.before.files.get(package_id, ())}
        known = {
            id_: known_file(row["url"], row["name"], row["extras"])
            for id_, row in rows.items()
            if row["state"] == model.State.ACTIVE
        }
        ids = file_ids(self.member, iri, read.values, known)
        return [
            self._file(file, {"id": id_, "package_id": package_id, "position": place}, rows.get(id_))
            for place, (id_, file) in enumerate(zip(ids, files, strict=True))
        ]

    def _file(self, file: StoredFile, place: Mapping[str, Any], before: Mapping[str, Any] | None) -> StoredFile:
        same = before is not None and before["extras"] == file.extras and all(
            before[name] == value for name, value in file.columns.items()
        )  # fmt: skip
        return StoredFile(
            {
                **file.columns,
                **place,
                "state": model.State.ACTIVE,
                "created": before["created"] if before else self._naive,
                "metadata_modified": before["metadata_modified"] if before and same else self._naive,
            },
            file.extras,
        )

    def _text(self, read: Projected, field: str) -> str:
        """The text of CKAN's own column: of the translated ones, else what the mapping made up."""
        texts = read.values.package.get(f"{field}_translated") or {}
        return text_for_site(texts, self.site.language) or read.package.get(field) or ""
