"""Rules that look at a field beside others: what is missing or expected, and what isn't for a writer to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import is_empty
from ckanext.citizendata.core.conformance.values import AT_LEAST
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.schema import Field

__all__ = [
    "CKAN_KEYS",
    "is_communitys",
    "refuse_label",
    "tell_expected",
    "tell_missing",
    "tell_not_below",
    "tell_not_yours",
    "tell_unknown",
]

Package = Mapping[str, Any]

REFUSED_WHEN_ABSENT = ("quick", "safety", "audience")
# Lists of which only a community gives an answer, by its own account at Local Contexts.
COMMUNITY_LISTS = frozenset({"lc-label"})
# What CKAN itself keeps in a package, a group or an organisation.
OF_CKAN = (
    "approval_status author author_email created creator_user_id description display_name extras groups id"
    " image_display_url image_url is_organization isopen license_id license_title license_url maintainer"
    " maintainer_email metadata_created metadata_modified name notes num_followers num_resources num_tags organization"
    " owner_org package_count plugin_data private relationships_as_object relationships_as_subject resources state"
    " tags title tracking_summary type url users version"
)
CKAN_KEYS = frozenset(OF_CKAN.split())
NEEDED = N_("{field}: an answer is needed.")
UNANSWERED = N_("{field}: there is no answer yet; without one it is published as unknown.")
EXPECTED = N_("{field}: an answer is expected here, because of what is said under “{other}”.")
FOLLOWS = N_("{field}: this follows from other things; what is written here isn't taken.")
COMMUNITYS = N_("{field}: only the community itself gives these, through Local Contexts; others can't add to them.")
COMMUNITY_ALONE = N_("Only the community itself gives this label, through Local Contexts.")
NO_FIELD = N_("There is no field “{value}”; it isn't taken.")
DID_YOU_MEAN = N_("Did you mean {codes}?")


def tell_missing(field: Field, report: Report) -> None:
    """Reports a field without an answer, as badly as its obligation says."""
    if field.obligation in REFUSED_WHEN_ABSENT:
        told = report.wording.translate(NEEDED).format(field=report.label(field))
        report.add(field.name, "missing", told)
    elif field.obligation == "mandatory":
        report.doubt(field.name, "missing", field, UNANSWERED)


def tell_expected(field: Field, fields: Mapping[str, Field], package: Package, report: Report) -> None:
    """Warns where another answer asks for one here."""
    for path, codes in field.limits.required_when.items():
        name, _, part = path.partition(".")
        if any(code in codes for code in _answers(package.get(name), part)):
            other = report.wording.label(fields[name]) if name in fields else name
            report.doubt(field.name, "expected", field, EXPECTED, other=other)
            return


def _answers(value: Any, part: str) -> list[Any]:
    """The codes of a field, or of one part of its rows."""
    listed = value if isinstance(value, (list, tuple)) else [value]
    if not part:
        return list(listed)
    return [code for item in listed if isinstance(item, Mapping) for code in _answers(item.get(part), "")]


def tell_not_below(field: Field, value: Any, package: Package, report: Report) -> None:
    """Refuses a number below the one that it may not be below."""
    least = package.get(str(field.limits.not_below))
    if all(isinstance(number, (int, float)) for number in (value, least)) and value < least:
        report.refuse(field.name, "too_small", field, value, AT_LEAST, limit=least)


def is_communitys(field: Field) -> bool:
    """Whether only a community sets the field."""
    return any(part.vocabulary in COMMUNITY_LISTS for part in (field, *field.subfields))


def tell_not_yours(field: Field, report: Report) -> None:
    """Warns that nobody writes a derived field: who knows what was there before can tell whether somebody did."""
    report.doubt(field.name, "not_yours", field, COMMUNITYS if is_communitys(field) else FOLLOWS)


def refuse_label(field: Field, value: Any, report: Report) -> None:
    """Refuses a label that somebody else than its community has written."""
    report.refuse(field.name, "not_yours", field, _first_answer(value), COMMUNITY_ALONE)


def _first_answer(value: Any) -> Any:
    while isinstance(value, (list, tuple, Mapping)):
        inner = value.values() if isinstance(value, Mapping) else value
        value = next(each for each in inner if not is_empty(each))
    return value


def tell_unknown(name: str, known: Collection[str], report: Report) -> None:
    """Warns of a field that there isn't, with the names that are like it."""
    translate = report.wording.translate
    near = get_close_matches(name, known, n=3)
    advice = translate(DID_YOU_MEAN).format(codes=", ".join(near)) if near else ""
    report.add(name, "unknown_field", translate(NO_FIELD).format(value=shortened(name)), "warning", advice)
