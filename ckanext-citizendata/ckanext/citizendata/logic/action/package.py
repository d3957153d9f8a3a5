"""CKAN's own actions on packages, with three rules around them.

What a reader may not see answers like what doesn't exist; what comes from a member can't be edited here, not even by a
sysadmin; and what a route changes past the hooks is rendered before the route returns.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Action, ChainedAction, Context, DataDict

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.logic.asked import truth_asked
from ckanext.citizendata.logic.closed import without_closed
from ckanext.citizendata.logic.dirty import render_package
from ckanext.citizendata.logic.marks import refuse_edit
from ckanext.citizendata.logic.own_type import dataset_type, own_package
from ckanext.citizendata.logic.publishing.index_in_step import index_in_step
from ckanext.citizendata.model import dirty
from ckanext.citizendata.model.record import Record

__all__ = [
    "am_following_dataset",
    "bulk_update_delete",
    "bulk_update_private",
    "bulk_update_public",
    "dataset_follower_count",
    "dataset_purge",
    "follow_dataset",
    "member_list",
    "package_collaborator_list",
    "package_create",
    "package_delete",
    "package_owner_org_update",
    "package_patch",
    "package_relationships_list",
    "package_resource_reorder",
    "package_revise",
    "package_show",
    "package_update",
    "resource_create",
    "resource_delete",
    "resource_patch",
    "resource_show",
    "resource_update",
    "resource_view_list",
    "resource_view_show",
    "unfollow_dataset",
]

OWN_PEOPLE = "producer"
# The keys by which a question names datasets; a relationship has two.
NAMING = ("id", "id2")


@tk.chained_action
@tk.side_effect_free
def package_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """A dataset; closed fields for those who may edit it, from the database, since the index holds none."""
    package = own_package(data_dict.get("id") or data_dict.get("name_or_id"))
    if package is None:
        return next_action(context, data_dict)
    _require_visible(context, package)
    if not _may("package_update", context, package):
        return without_closed(next_action(context, data_dict))
    context["use_cache"] = False
    return next_action(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """CKAN's action, without the datasets of an organisation that the caller may not see."""
    members = next_action(context, data_dict)
    hidden = _hidden(context, [id_ for id_, kind, _ in members if kind == "package"])
    return [member for member in members if member[0] not in hidden]


@tk.chained_action
def package_create(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN's action; who asks for a private dataset or a draft gets one, whatever else she says."""
    if data_dict.get("type", dataset_type()) == dataset_type():
        _heed_private(data_dict)
        # CKAN would drop the state that an editor sends, and publish her draft.
        context = cast(Context, {**context, "allow_state_change": True})
    with index_in_step():
        return next_action(context, data_dict)


@tk.chained_action
def package_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN's action; who makes a public record private, and says no more, leaves it to its own people."""
    packages = list(_packages("package_update", data_dict))
    for package in packages:
        _open_for_edit(context, package)
        if not package.private:
            _heed_private(data_dict)
    with index_in_step([package.id for package in packages]):
        return next_action(context, data_dict)


def _heed_private(data_dict: DataDict) -> None:
    # CKAN's own switch can close a record; it never opens one.
    if truth_asked(data_dict, "private"):
        data_dict["audience"] = OWN_PEOPLE


def _reading(name: str) -> ChainedAction:
    @tk.chained_action
    @tk.side_effect_free
    def chained(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        for package in _packages(name, data_dict):
            _require_visible(context, package)
        return next_action(context, data_dict)

    return _named(chained, name)


def _asking(name: str) -> ChainedAction:
    """An action with refusals of its own: about what the caller may not see it is asked for what isn't there."""

    @tk.chained_action
    def chained(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        named = {key: own_package(data_dict.get(key)) for key in NAMING}
        hidden = [key for key, package in named.items() if package and not _may("package_show", context, package)]
        return next_action(context, {**data_dict, **{key: str(uuid.uuid4()) for key in hidden}})

    return _named(chained, name)


def _writing(name: str) -> ChainedAction:
    @tk.chained_action
    def chained(next_action: Action, context: Context, data_dict: DataDict) -> Any:
        packages = list(_packages(name, data_dict))
        for package in packages:
            _open_for_edit(context, package)
        result = next_action(context, data_dict)
        if not context.get("defer_commit"):
            _render([package.id for package in packages])
        return result

    return _named(chained, name)


def _named(chained: ChainedAction, name: str) -> ChainedAction:
    chained.__name__ = name
    chained.__doc__ = f"CKAN's `{name}`, within the rules of this module."
    return chained


def _render(package_ids: list[str]) -> None:
    for package_id in dirty.waiting(package_ids):
        render_package(package_id)


def _open_for_edit(context: Context, package: model.Package) -> None:
    _require_visible(context, package)
    refuse_edit(package.id)


def _require_visible(context: Context, package: model.Package) -> None:
    if not _may("package_show", context, package):
        raise tk.ObjectNotFound


def _may(name: str, context: Context, package: model.Package) -> bool:
    try:
        # In a copy: CKAN's auth functions write into the context.
        return bool(tk.check_access(name, tk.fresh_context(context), {"id": package.id}))
    except tk.NotAuthorized:
        return False


def _hidden(context: Context, package_ids: list[str]) -> set[str]:
    """Those that the caller may not see; what is plainly public is not looked at one by one."""
    package = model.Package
    waiting = list(dirty.waiting(package_ids))
    is_open = sa.exists().where(Record.package_id == package.id, Record.state == LIVE, Record.audience == EVERYONE)
    doubtful = sa.or_(package.private, package.state != model.State.ACTIVE, package.id.in_(waiting), ~is_open)
    query = sa.select(package).where(package.id.in_(package_ids), package.type == dataset_type(), doubtful)
    return {found.id for found in model.Session.scalars(query).all() if not _may("package_show", context, found)}


def _packages(name: str, data_dict: DataDict) -> Iterable[model.Package]:
    """The packages of our type that a call of the action is about."""
    found = (own_package(package_id) for package_id in _package_ids(name, data_dict))
    return [package for package in found if package is not None]


def _package_ids(name: str, data_dict: DataDict) -> list[str | None]:
    if name.startswith("bulk_"):
        return list(data_dict.get("datasets", ()))
    if name == "package_revise":
        match = data_dict.get("match", {})
        return [match.get("id") or match.get("name") or data_dict.get("match__id") or data_dict.get("match__name")]
    if name == "resource_create":
        return [data_dict.get("package_id")]
    if name.startswith("resource_"):
        return [_package_of_resource(name, data_dict.get("id"))]
    return [data_dict.get("id") or data_dict.get("name")]


def _package_of_resource(name: str, id_: str | None) -> str | None:
    view = model.ResourceView.get(id_) if name == "resource_view_show" and id_ else None
    resource = model.Resource.get(view.resource_id if view else id_) if id_ else None
    return resource.package_id if resource else None


am_following_dataset = tk.side_effect_free(_asking("am_following_dataset"))
dataset_follower_count = tk.side_effect_free(_asking("dataset_follower_count"))
package_collaborator_list = tk.side_effect_free(_asking("package_collaborator_list"))
package_relationships_list = tk.side_effect_free(_asking("package_relationships_list"))
follow_dataset = _asking("follow_dataset")
unfollow_dataset = _asking("unfollow_dataset")

resource_show = _reading("resource_show")
resource_view_list = _reading("resource_view_list")
resource_view_show = _reading("resource_view_show")

bulk_update_delete = _writing("bulk_update_delete")
bulk_update_private = _writing("bulk_update_private")
bulk_update_public = _writing("bulk_update_public")
dataset_purge = _writing("dataset_purge")
package_delete = _writing("package_delete")
package_owner_org_update = _writing("package_owner_org_update")
package_patch = _writing("package_patch")
package_resource_reorder = _writing("package_resource_reorder")
package_revise = _writing("package_revise")
resource_create = _writing("resource_create")
resource_delete = _writing("resource_delete")
resource_patch = _writing("resource_patch")
resource_update = _writing("resource_update")
