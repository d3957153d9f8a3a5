"""The checks of a package, of a draft and of one value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.addresses import check_addresses
from ckanext.citizendata.core.conformance.checker import checker_of
from ckanext.citizendata.core.conformance.codes import ASKED
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import is_empty
from ckanext.citizendata.core.conformance.wording import ENGLISH, Wording
from ckanext.citizendata.core.depth import shallow
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.schema import Field

__all__ = ["check_draft", "check_package", "check_value"]


def check_package(
    model: Model, package: Mapping[str, Any], wording: Wording = ENGLISH, taken: tuple[str, ...] = ()
) -> tuple[Problem, ...]:
    """What is wrong with a package that somebody hands in, and what is missing in it; in the order of the schema.

    {"country": ["KENYA"]} -> Problem("country[0]", "unknown_code", "Country: “KENYA” can't be taken.", …), …

    :param taken: beginnings of addresses that name other things, so that no row may give them as its own.
    """
    report = Report(wording)
    flat = {name: shallow(value) for name, value in package.items()}
    checker_of(model).check_package(flat, report)
    check_addresses(model, flat, taken, report)
    return tuple(report.problems)


def check_draft(model: Model, package: Mapping[str, Any], wording: Wording = ENGLISH) -> tuple[Problem, ...]:
    """What is wrong with what a draft holds; it may lack any answer."""
    return tuple(problem for problem in check_package(model, package, wording) if problem.code not in ASKED)


def check_value(model: Model, field: Field, value: Any, wording: Wording = ENGLISH) -> tuple[Problem, ...]:
    """What is wrong with a value of a field, a part of a row or of a file; nothing is wrong with an empty one."""
    report = Report(wording)
    value = shallow(value)
    if not is_empty(value):
        checker_of(model).rule(field)(value, field.name, report)
    return tuple(report.problems)
