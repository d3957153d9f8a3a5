"""The record behind a dataset: looking at it, withdrawing it, bringing it back.

There is no action to create, update or delete a record: CKAN's actions on the dataset do that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package
from ckan.types import Context, DataDict

from ckanext.citizendata.core.record import CLOSED, WITHDRAWN, member_of
from ckanext.citizendata.federation.ports import HIDDEN
from ckanext.citizendata.logic import records
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.logic.pages.standing import before_withdrawal, taken_back_by_source
from ckanext.citizendata.logic.publishing.index_in_step import record_in_step
from ckanext.citizendata.model import change, ledger
from ckanext.citizendata.model import record as record_table

__all__ = ["citizendata_record_restore", "citizendata_record_show", "citizendata_record_withdraw"]


@tk.side_effect_free
def citizendata_record_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the catalogue knows of a dataset's record, for its own people.

    :param id: name or id of the dataset
    :type id: string

    :returns: `id`, `uri`, `authority` (`local` or `member:` and its name), `state`, `audience` (as it counts: the
        chosen one, capped where a safety question is open), `public_since`, `tombstone`, `operations` (oldest first)
    :rtype: dictionary

    :raises NotFound: if there is no such dataset, or no record yet (a draft)
    """
    tk.check_access("citizendata_record_show", context, data_dict)
    row = _row(_package(data_dict))
    return {
        "id": row.package_id,
        "uri": row.iri,
        "authority": row.authority,
        "state": row.state,
        "audience": row.audience,
        "public_since": row.public_since and row.public_since.isoformat(),
        "tombstone": row.tombstone,
        "operations": [
            {"operation": step.operation, "at": step.at.isoformat(), "audience": step.audience}
            for step in change.of_package(row.package_id)
        ],
    }


def citizendata_record_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hide a record at once from everyone but its own people, and tell those who harvest it.

    A record that comes from a member is hidden here alone, and the next harvest leaves it so.

    :param id: name or id of the dataset
    :type id: string

    :returns: `id`, `uri`, `authority` and the new `state`
    :rtype: dictionary

    :raises NotFound: if there is no such dataset
    :raises ValidationError: for a draft, which nobody else sees, and for what its source took back already
    """
    tk.check_access("citizendata_record_withdraw", context, data_dict)
    package = _package(data_dict)
    _require_our_decision(package)
    return _decide(package, _withdraw)


def citizendata_record_restore(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give a withdrawn record back to the readers that it had.

    One that nobody else read because its source doesn't list it (`closed`) stays so until its source lists it again.

    :param id: name or id of the dataset
    :type id: string

    :returns: `id`, `uri`, `authority` and the new `state`
    :rtype: dictionary

    :raises NotFound: if there is no such dataset
    :raises ValidationError: if the record isn't withdrawn, or was withdrawn at its source
    """
    tk.check_access("citizendata_record_restore", context, data_dict)
    package = _package(data_dict)
    if _row(package).state != WITHDRAWN:
        raise tk.ValidationError({"id": [tk._("This record isn't withdrawn.")]})
    _require_our_decision(package)
    return _decide(package, _restore)


def _withdraw(package: model.Package, member_id: str | None) -> None:
    records.hide(package, WITHDRAWN)
    if member_id:
        ledger.decide(member_id, _row(package).iri, WITHDRAWN)


def _restore(package: model.Package, member_id: str | None) -> None:
    before = before_withdrawal(package.id)
    if before == HIDDEN:
        records.hide(package, CLOSED)
    else:
        records.reveal(package)
    if member_id:
        ledger.decide(member_id, _row(package).iri, before)


def _decide(package: model.Package, step: Callable[[model.Package, str | None], None]) -> dict[str, Any]:
    with record_in_step(package.id) as member_id:
        step(package, member_id)
        # Before the commit, as CKAN does it: when the answer leaves, the index already hides the record.
        index_update_package(the_site(), package.id)
        model.Session.commit()
    row = _row(package)
    return {"id": row.package_id, "uri": row.iri, "authority": row.authority, "state": row.state}


def _require_our_decision(package: model.Package) -> None:
    """Raises where the source took the record back: whether it returns isn't decided with these two actions."""
    row = taken_back_by_source(package.id)
    if row is not None:
        sentence = tk._(
            "This record was taken back at its source, and nobody else reads it here. If its source lists it again,"
            " let it return with: ckan citizendata harvest approve {member} {address}"
        )
        raise tk.ValidationError({"id": [sentence.format(member=member_of(row.authority), address=row.iri)]})


def _package(data_dict: DataDict) -> model.Package:
    package = own_package(tk.get_or_bust(data_dict, "id"))
    if package is None:
        raise tk.ObjectNotFound
    return package


def _row(package: model.Package) -> Any:
    row = record_table.by_package(package.id)
    if row is None:
        raise tk.ObjectNotFound(tk._("A draft has no record yet."))
    return row
