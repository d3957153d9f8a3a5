"""From the list of fields to rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ckanext.citizendata.core.conformance.lists import code_rule, codes_rule
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule, is_empty
from ckanext.citizendata.core.conformance.texts import TWICE, keywords_rule, line_rule, list_rule, text_rule
from ckanext.citizendata.core.conformance.values import SCALARS, address_rule, file_rule, number_rule, scalar_rule
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["ROWS", "Vocabularies", "rows_rule", "rule_of", "tell_no_part"]

Vocabularies = Mapping[str, Vocabulary]
Item = Mapping[str, Any]

ROWS = N_("Write a list of entries, each with its parts by name.")
NEEDED = N_("is needed.")
ONE_OF = N_("give at least one of: {parts}.")
BEFORE = N_("“{last}” is before “{first}”.")
AT_MOST = N_("Keep at most {limit}.")
NO_PART = N_("{field}: there is no “{value}” here; it isn't taken.")
RULES: Mapping[str, Callable[[Field], Rule]] = {
    "text": text_rule,
    "keywords": keywords_rule,
    "integer": number_rule,
    "decimal": number_rule,
    "lines": lambda field: list_rule(field, line_rule(field)),
    "urls": lambda field: list_rule(field, scalar_rule(field, "url")),
}


def rule_of(field: Field, vocabularies: Vocabularies) -> Rule:
    """The rule that the values of a field follow, by its kind; a text where the kind says no more."""
    if field.kind == "rows":
        return rows_rule(field, vocabularies)
    if field.kind in ("code", "codes"):
        vocabulary = vocabularies[str(field.vocabulary)]
        return codes_rule(field, vocabulary) if field.many else code_rule(field, vocabulary)
    if field.kind in SCALARS:
        return scalar_rule(field, field.kind)
    return RULES[field.kind](field) if field.kind in RULES else _plain_rule(field)


def _plain_rule(field: Field) -> Rule:
    if field.shape is None or field.shape.kind != "iri" or field.kind == "media_type":
        return line_rule(field)
    return address_rule(field) if field.shape.is_node else file_rule(field)


def rows_rule(field: Field, vocabularies: Vocabularies) -> Rule:
    """A list of entries: each part by its rule, what is needed there, one of some, a pair in order."""
    parts = {part.name: rule_of(part, vocabularies) for part in field.subfields}

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, (list, tuple)):
            report.refuse(path, "not_understood", field, value, ROWS)
            return
        for number, item in enumerate(value):
            if not isinstance(item, Mapping):
                report.refuse(f"{path}[{number}]", "not_understood", field, item, ROWS)
            elif not is_empty(item):
                report.row = (field, number)
                _check_item(field, parts, item, f"{path}[{number}]", report)
                report.row = None
        if len(value) > 1:
            _check_number(field, value, path, report)

    return rule


def _check_item(field: Field, parts: Mapping[str, Rule], item: Item, path: str, report: Report) -> None:
    for name, value in item.items():
        rule = parts.get(name)
        if rule is None:
            tell_no_part(field, name, path, report)
        elif not is_empty(value):
            rule(value, f"{path}.{name}", report)
    for part in field.subfields:
        if part.needed and is_empty(item.get(part.name)):
            report.ask(f"{path}.{part.name}", "missing", part, NEEDED)
    if field.limits.at_least_one_of:
        _check_choice(field, item, path, report)
    if field.limits.in_order:
        _check_order(field, item, path, report)


def tell_no_part(field: Field, name: str, path: str, report: Report) -> None:
    """Warns of a part that the rows of a field don't have."""
    label = report.wording.label(field)
    told = report.wording.translate(NO_PART).format(field=label, value=shortened(name))
    report.add(f"{path}.{name}", "unknown_field", told, "warning")


def _check_choice(field: Field, item: Item, path: str, report: Report) -> None:
    names = field.limits.at_least_one_of
    if not any(not is_empty(item.get(name)) for name in names):
        parts = [part for part in field.subfields if part.name in names]
        told = ", ".join(map(report.wording.label, parts))
        report.ask(f"{path}.{parts[0].name}", "one_of", parts[0], ONE_OF, parts=told)


def _check_order(field: Field, item: Item, path: str, report: Report) -> None:
    """Refuses an end before the start; a year lies in all its days."""
    first, last = (item.get(name) for name in field.limits.in_order)
    if isinstance(first, str) and isinstance(last, str) and last and last < first[: len(last)]:
        part = next(part for part in field.subfields if part.name == field.limits.in_order[1])
        told = {"last": shortened(last), "first": shortened(first)}
        report.ask(f"{path}.{part.name}", "order", part, BEFORE, **told)


def _check_number(field: Field, items: Sequence[Any], path: str, report: Report) -> None:
    """Refuses more rows than there is room for, and warns of one that is there twice."""
    seen: set[str] = set()
    given = [(number, item) for number, item in enumerate(items) if isinstance(item, Mapping) and not is_empty(item)]
    for number, item in given:
        shown = repr(sorted(item.items(), key=str))
        if shown in seen:
            report.doubt(f"{path}[{number}]", "twice", field, TWICE, value=_first_answer(item))
        seen.add(shown)
    most = field.limits.at_most
    if most is not None and len(given) > most:
        report.refuse(f"{path}[{given[most][0]}]", "too_many", field, len(given), AT_MOST, limit=most)


def _first_answer(item: Item) -> str:
    return shortened(next(value for value in item.values() if not is_empty(value)))
