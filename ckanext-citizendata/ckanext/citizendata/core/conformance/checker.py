"""The rules of a model, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ckanext.citizendata.core.conformance.across import (
    CKAN_KEYS,
    tell_expected,
    tell_missing,
    tell_not_below,
    tell_not_yours,
    tell_unknown,
)
from ckanext.citizendata.core.conformance.bounds import MOST_PROBLEMS, bounded, cut
from ckanext.citizendata.core.conformance.fields import rule_of
from ckanext.citizendata.core.conformance.files import files_rule
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule, is_empty
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["Checker", "checker_of"]


def checker_of(model: Model) -> Checker:
    """The model's rules, made when they are first asked for."""
    return model.kept(Checker)


class Checker:
    """The rules of each field, and of the fields together."""

    def __init__(self, model: Model) -> None:
        schema = model.schema
        self._vocabularies = model.vocabularies
        self._fields = {field.name: field for field in schema.fields}
        self._files = files_rule(schema.resource_fields, model.vocabularies) if schema.resource_shape else None
        parts = (part for field in schema.fields for part in field.subfields)
        own = (*schema.fields, *parts, *schema.resource_fields)
        # By identity, since equal fields of other models may have other lists; the model keeps its fields alive.
        self._rules = {id(field): bounded(field, rule_of(field, model.vocabularies)) for field in own}
        self._known = CKAN_KEYS | self._fields.keys()
        self._derived = [
            field for field in schema.fields if field.obligation == "derived" and field.name not in CKAN_KEYS
        ]
        self._compared = [field for field in schema.fields if field.limits.not_below]

    def rule(self, field: Field) -> Rule:
        """The rule of a field of the model, or of one that is made up with its lists."""
        return self._rules.get(id(field)) or bounded(field, rule_of(field, self._vocabularies))

    def check_package(self, package: Mapping[str, Any], report: Report) -> None:
        """Reports what is wrong with a package, and what is missing in it."""
        for name, field in self._fields.items():
            value = package.get(name)
            if is_empty(value):
                tell_missing(field, report)
                if field.limits.required_when:
                    tell_expected(field, self._fields, package, report)
            else:
                self._rules[id(field)](value, name, report)
        if self._files and not is_empty(package.get("resources")):
            before = len(report.problems)
            self._files(package["resources"], "resources", report)
            cut(report, before)
        self._check_others(package, report)

    def _check_others(self, package: Mapping[str, Any], report: Report) -> None:
        for field in self._compared:
            tell_not_below(field, package.get(field.name), package, report)
        for field in self._derived:
            if not is_empty(package.get(field.name)):
                tell_not_yours(field, report)
        unknown = (str(name) for name in package if name not in self._known)
        for name in islice(unknown, MOST_PROBLEMS):
            tell_unknown(name, self._fields, report)
