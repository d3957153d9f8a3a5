"""Writes the package of a harvested record anew from its statements; the statements stay as they were received."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.listing import Listing
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.marks import publishing
from ckanext.citizendata.logic.publishing.harvested import harvested_package
from ckanext.citizendata.logic.publishing.matching import likeness_row
from ckanext.citizendata.model import likeness as likenesses

__all__ = ["project_package"]


def project_package(row: sa.Row[Any], member_id: str) -> None:
    """Update the package of a member's record, in a transaction of its own; a deleted one stays as it is."""
    package = model.Package.get(row.package_id)
    if package is None or package.state != model.State.ACTIVE:
        return
    member, received = member_named(member_id), Received(row.iri, row.fragment, row.fingerprint, Listing())
    read = harvested_package(member, received, package)
    user = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
    context = tk.fresh_context({"user": user, "ignore_auth": True}, citizendata_projection=True, return_id_only=True)
    like = likeness_row(member, package.id, row.iri, row.fragment, read.values)
    with publishing(member_id):
        likenesses.note(model.Session.connection(), [like])
        tk.get_action("package_update")(context, {**read.package, "id": package.id})
        # CKAN commits nothing where the package stays as it is.
        model.Session.commit()
