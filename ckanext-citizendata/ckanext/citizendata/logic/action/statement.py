"""What a record says in the name of a statistical office: confirmed or denied by people of that office."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package
from ckan.types import Context, DataDict

from ckanext.citizendata.core.lexical import strange_character
from ckanext.citizendata.core.rules.official import CONFIRMED, DENIED, Claim
from ckanext.citizendata.logic import records
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.official import claim_of, claims_of, office_of, standings
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.logic.publishing.index_in_step import record_in_step
from ckanext.citizendata.model import statement as statements

__all__ = [
    "citizendata_statement_confirm",
    "citizendata_statement_deny",
    "citizendata_statement_list",
    "citizendata_statement_show",
]

REASON_LENGTH = 2000


def citizendata_statement_confirm(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say for a statistical office that what a record says in its name is so.

    :param id: name or id of the dataset
    :type id: string
    :param field: `integration_status` or `quality_status`
    :type field: string
    :param value: the value that is confirmed (optional; if left out, the strongest that the field says for an office)
    :type value: string
    :param reason: what readers should know (optional)
    :type reason: string
    :param digest: of the statement that was looked at, as `citizendata_statement_show` gives it; the answer is refused
        where the record says something else by now (optional; if left out, the answer is about what the record says at
        this moment)
    :type digest: string

    :returns: the decision, as `citizendata_statement_list` gives it
    :rtype: dictionary

    :raises NotFound: if there is no such dataset
    :raises ValidationError: if the field doesn't say this for an office, or no more what the digest stands for
    """
    tk.check_access("citizendata_statement_confirm", context, data_dict)
    return _decide(context, data_dict, CONFIRMED)


def citizendata_statement_deny(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say for a statistical office that what a record says in its name isn't so, and why.

    :param id: name or id of the dataset
    :type id: string
    :param field: `integration_status` or `quality_status`
    :type field: string
    :param value: the value that is denied (optional; if left out, the strongest that the field says for an office)
    :type value: string
    :param reason: why, in words for the producer and for readers
    :type reason: string
    :param digest: of the statement that was looked at, as `citizendata_statement_show` gives it; the answer is refused
        where the record says something else by now (optional; if left out, the answer is about what the record says at
        this moment)
    :type digest: string

    :returns: the decision, as `citizendata_statement_list` gives it
    :rtype: dictionary

    :raises NotFound: if there is no such dataset
    :raises ValidationError: if there is no reason, or if the field doesn't say this for an office, or no more what the
        digest stands for
    """
    tk.check_access("citizendata_statement_deny", context, data_dict)
    if not _text(data_dict, "reason"):
        raise tk.ValidationError({"reason": [tk._("Say why, so that the producer can mend it.")]})
    return _decide(context, data_dict, DENIED)


@tk.side_effect_free
def citizendata_statement_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """What statistical offices said about a record, oldest first; of several about one value the last counts.

    :param id: name or id of the dataset
    :type id: string

    :returns: a list of decisions, each with `field`, `value`, `decision` (`confirmed` or `denied`), `reason`,
        `organization` (name of the office, null where it is gone), `organization_id` and `made`
    :rtype: list of dictionaries

    :raises NotFound: if there is no such dataset
    """
    tk.check_access("citizendata_statement_list", context, data_dict)
    return [_shown(row) for row in statements.of_package(_package(data_dict).id)]


@tk.side_effect_free
def citizendata_statement_show(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """What a record says in the name of a statistical office, and how it stands; the strongest of each field first.

    Empty for a draft and for a record that comes from another catalogue: nobody answers these here.

    :param id: name or id of the dataset
    :type id: string

    :returns: a list of statements, each with `field`, `value`, `status` (`stated_by_producer`, `confirmed` or `denied`)
        and `digest`, which changes with the value, the countries and what else carries it
    :rtype: list of dictionaries

    :raises NotFound: if there is no such dataset
    """
    tk.check_access("citizendata_statement_show", context, data_dict)
    return [
        {"field": claim.field, "value": claim.value, "status": status, "digest": claim.mark}
        for claim, status in standings(_package(data_dict))
    ]


def _decide(context: Context, data_dict: DataDict, decision: str) -> dict[str, Any]:
    package = _package(data_dict)
    reason = _text(data_dict, "reason")
    _check_reason(reason)
    claim = _claim(package, data_dict)
    user = model.User.get(context.get("user"))
    office = office_of(user.id, package) if user else None
    if user is None or office is None:
        # Only a caller who skips the check of access comes here, and nobody speaks for an office without being its.
        raise tk.NotAuthorized
    made = {"package_id": package.id, "user_id": user.id, "organization_id": office.id}
    made |= {"field": claim.field, "value": claim.value, "digest": claim.digest}
    with record_in_step(package.id):
        statements.append({**made, "decision": decision, "reason": reason or None})
        package.metadata_modified = datetime.now(timezone.utc).replace(tzinfo=None)
        records.render(package)
        index_update_package(the_site(), package.id)
        model.Session.commit()
    return _shown(statements.of_package(package.id)[-1])


def _claim(package: model.Package, data_dict: DataDict) -> Claim:
    """The statement that is answered; refused where the record doesn't make it, or no more as the caller saw it."""
    field, value, seen = _text(data_dict, "field"), _text(data_dict, "value"), data_dict.get("digest")
    claim = claim_of(claims_of(package), field, value or None)
    if seen is not None and (claim is None or claim.mark != seen):
        told = tk._(
            "The description changed since you looked at it, so your answer was not kept. Look at it again, and answer"
            " what it says now."
        )
        raise tk.ValidationError({"digest": [told]})
    if claim is None:
        raise tk.ValidationError({"field": [tk._("This record says no such thing for a statistical office.")]})
    return claim


def _check_reason(reason: str) -> None:
    if len(reason) > REASON_LENGTH:
        raise tk.ValidationError({"reason": [tk._("Keep it below {limit} characters.").format(limit=REASON_LENGTH)]})
    if strange := strange_character(reason):
        told = tk._("The reason holds an invisible character that breaks files (U+{number}); take it out.")
        raise tk.ValidationError({"reason": [told.format(number=f"{ord(strange):04X}")]})


def _shown(row: Any) -> dict[str, Any]:
    """A decision without the person: the office answers for it."""
    office = model.Group.get(row.organization_id)
    return {
        "field": row.field,
        "value": row.value,
        "decision": row.decision,
        "reason": row.reason,
        "organization": office.name if office else None,
        "organization_id": row.organization_id,
        "made": row.made.isoformat(),
    }


def _text(data_dict: DataDict, name: str) -> str:
    value = data_dict.get(name)
    return value.strip() if isinstance(value, str) else ""


def _package(data_dict: DataDict) -> model.Package:
    package = own_package(tk.get_or_bust(data_dict, "id"))
    if package is None:
        raise tk.ObjectNotFound
    return package
