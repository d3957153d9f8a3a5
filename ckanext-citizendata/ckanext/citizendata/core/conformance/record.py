"""The check of a record as statements: by the schema, and by the profile that it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.citizendata.core.conformance.check import check_package
from ckanext.citizendata.core.conformance.profile import NO_PROFILE, Profile
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.statements import check_statements
from ckanext.citizendata.core.conformance.wording import ENGLISH, N_, Wording
from ckanext.citizendata.core.mapping import Model, package_from_fragment
from ckanext.citizendata.core.problem import Problem

__all__ = ["check_record"]

# What the mapping reports and a record shouldn't have, with what would be right.
UNREADABLE: Mapping[str, str] = {
    "too_many": N_("Say one value here."),
    "unknown_code": N_("Name an entry of the list by its IRI."),
    "no_date": N_("Write an xsd:date, xsd:gYearMonth or xsd:gYear."),
    "no_number": N_("Write a number, as in 92.5."),
    "no_address": N_("Write an IRI."),
    "no_text": N_("Write a text, with its language."),
    "not_understood": N_("Describe it by the properties of this field."),
}
# Only who hands in a package can write what isn't theirs; a record says it because it is so.
OF_WRITERS = frozenset({"not_yours", "unknown_field", "taken", "two_names"})


def check_record(
    model: Model, iri: str, fragment: str, profile: Profile = NO_PROFILE, wording: Wording = ENGLISH
) -> tuple[Problem, ...]:
    """What is wrong with what is said of the record `iri`: all its statements count, not the schema's alone.

    :param fragment: canonical N-Triples, as `graph.ntriples_from_graph` writes them.
    """
    public = model.public
    projection = package_from_fragment(public, iri, fragment)
    unread = tuple(_as_errors(projection.problems, wording))
    package = tuple(
        problem for problem in check_package(public, projection.package, wording) if problem.code not in OF_WRITERS
    )
    report = Report(wording)
    check_statements(profile, fragment, report)
    return (*unread, *package, *report.problems)


def _as_errors(problems: tuple[Problem, ...], wording: Wording) -> Iterator[Problem]:
    for problem in problems:
        if problem.code in UNREADABLE:
            advice = wording.translate(UNREADABLE[problem.code])
            yield Problem(problem.path, problem.code, problem.message, "error", advice)
