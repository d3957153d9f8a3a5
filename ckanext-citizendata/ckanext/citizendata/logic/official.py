"""What a record says in the name of a statistical office: who may answer for the office, and what readers are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.core.rules import Claim, Decision, claims, official_values, rests_on
from ckanext.citizendata.core.rules.official import CONFIRMED, DENIED, STATED, standing_of
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.contexts import reader, the_site
from ckanext.citizendata.logic.reading import Text, date_text, labelled, reader_language
from ckanext.citizendata.logic.values.raw_values import value_of_json
from ckanext.citizendata.logic.wording import _, reader_wording
from ckanext.citizendata.model import record as records
from ckanext.citizendata.model import statement as statements

__all__ = [
    "OFFICE",
    "Official",
    "claim_of",
    "claims_of",
    "may_decide",
    "office_of",
    "official",
    "profile_of",
    "standings",
    "with_decisions",
]

OFFICE = "nso"
ROLES = ("admin", "editor")


@dataclass(frozen=True)
class Official:
    """One statement of a record for an office: what it says, how it stands, and the sentence that a reader gets.

    `rests_on` are the fields that carry it, `digest` stands for what they and the value say (`Claim.mark`).
    """

    field: str
    value: str
    digest: str
    rests_on: tuple[str, ...]
    label: str
    value_label: Text
    status: str
    sentence: str


def with_decisions(package: dict[str, Any]) -> None:
    """Puts into a shown package how its statements for an office stand, and the quality that follows.

    A harvested record shows what its own catalogue says.
    """
    if not claims(package) or _is_harvested(package["id"]):
        return
    values = official_values(package, _decisions(statements.of_package(package["id"])))
    package.update({name: value for name, value in values.items() if value is not None})


def claims_of(package: model.Package) -> tuple[Claim, ...]:
    """The statements of a record that an office may answer; none of a draft and of what another catalogue says."""
    if package.state != model.State.ACTIVE or _is_harvested(package.id):
        return ()
    context = the_site(use_cache=False)
    return claims(tk.get_action("package_show")(context, {"id": package.id}))


def standings(package: model.Package) -> list[tuple[Claim, str]]:
    """The statements of `claims_of`, each with how it stands."""
    decisions = _decisions(statements.of_package(package.id))
    return [(claim, standing_of(claim, decisions)) for claim in claims_of(package)]


def claim_of(found: Sequence[Claim], field: str, value: str | None) -> Claim | None:
    """The claim of that field, with that value where one is named, else the strongest."""
    return next((claim for claim in found if claim.field == field and value in (None, claim.value)), None)


def office_of(user_id: str, package: model.Package) -> model.Group | None:
    """The office that the user speaks for where this record is about: she edits for it, and they share a country.

    An office without a country answers nothing; a record without one shuts no office out.
    """
    countries = frozenset(_codes(package.extras.get("country")))
    return next((office for office in _offices(user_id) if _is_about(office, countries)), None)


def official(package: Mapping[str, Any]) -> tuple[Official, ...]:
    """What to tell the reader of a package about each thing that it says for an office."""
    made = claims(package)
    harvested = bool(made) and _is_harvested(package["id"])
    rows = statements.of_package(package["id"]) if made and not harvested else ()
    return tuple(_told(claim, package, rows, harvested=harvested) for claim in made)


def may_decide(package: Mapping[str, Any]) -> bool:
    """Whether the person who looks at the page may answer for an office here, and there is something to answer."""
    if tk.current_user.is_anonymous or not claims(package) or package.get("state") != model.State.ACTIVE:
        return False
    try:
        return bool(tk.check_access("citizendata_statement_confirm", reader(), {"id": package["id"]}))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def _told(claim: Claim, package: Mapping[str, Any], rows: Sequence[sa.Row[Any]], *, harvested: bool) -> Official:
    field, reader = site_model.model().schema.field(claim.field), reader_language()
    if field is None:
        raise LookupError(claim.field)
    text, language = site_model.vocabulary(str(field.vocabulary)).label_and_language(claim.value, reader)
    status = str(package.get("official_statement") or STATED) if harvested else standing_of(claim, _decisions(rows))
    about = (claim.field, claim.value, claim.digest)
    last = [row for row in rows if (row.field, row.value, row.digest) == about][-1:] if status != STATED else []
    return Official(
        field=claim.field,
        value=claim.value,
        digest=claim.mark,
        rests_on=rests_on(claim),
        label=reader_wording().label(field),
        value_label=labelled(text, language, reader),
        status=status,
        sentence=_sentence(last[0]) if last else _sentence_elsewhere(status),
    )


def _sentence(row: sa.Row[Any]) -> str:
    """Who of an office said what, and why."""
    office = model.Group.get(row.organization_id)
    words = {
        "office": (office.title or office.name) if office else _("the statistical office"),
        "date": date_text(row.made.date().isoformat(), reader_language()),
        "reason": row.reason or "",
    }
    if row.decision == DENIED:
        return _("Denied by {office}: {reason}").format(**words)
    if row.reason:
        return _("Confirmed by {office} on {date}: {reason}").format(**words)
    return _("Confirmed by {office} on {date}.").format(**words)


def _sentence_elsewhere(status: str) -> str:
    """How a statement stands that no office has answered on this site."""
    told = {
        CONFIRMED: _("Confirmed by the statistical office, as the catalogue says that it comes from."),
        DENIED: _("Denied by the statistical office, as the catalogue says that it comes from."),
    }
    return told.get(status, _("Stated by the producer, not confirmed by the statistical office."))


def profile_of(organization: model.Group) -> Mapping[str, Any]:
    """What the schema of organisations keeps of one, as stored."""
    return organization.extras  # type: ignore


def _is_harvested(package_id: str) -> bool:
    authority = records.authority_of(package_id)
    return bool(authority and member_of(authority))


def _decisions(rows: Sequence[sa.Row[Any]]) -> list[Decision]:
    return [Decision(Claim(row.field, row.value, row.digest), confirmed=row.decision == CONFIRMED) for row in rows]


def _offices(user_id: str) -> Sequence[model.Group]:
    """The statistical offices among the organisations that the user edits for."""
    group, role = model.Group, model.Member
    query = (
        sa.select(group)
        .join(role, role.group_id == group.id)
        .where(
            role.table_id == user_id,
            role.table_name == "user",
            role.capacity.in_(ROLES),
            role.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization.is_(True),
            group.extras["producer_kind"].astext == OFFICE,  # type: ignore
        )
        .order_by(group.name)
    )
    return model.Session.scalars(query).unique().all()


def _is_about(office: model.Group, countries: frozenset[str]) -> bool:
    own = frozenset(_codes(profile_of(office).get("country")))
    return bool(own) and (not countries or bool(own & countries))


def _codes(stored: Any) -> list[str]:
    value = value_of_json(stored)
    return [code for code in value if isinstance(code, str) and code != "unknown"] if isinstance(value, list) else []
