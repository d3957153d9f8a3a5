"""The rules of a profile on statements, in the sense of SHACL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ckanext.citizendata.core.conformance.lexical_forms import is_of_datatype, is_some_date
from ckanext.citizendata.core.conformance.profile import Profile, PropertyRule
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.problem import Severity
from ckanext.citizendata.core.terms import DCT, PREFIXES, RDF, SKOS
from ckanext.citizendata.core.tokens import Token, is_blank, is_iri, is_literal, token, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = ["check_statements"]

TYPE = token(RDF.type)
IN_SCHEME = token(SKOS.inScheme)
DCT_TYPE = token(DCT.type)

NONE_SAID = N_("{field}: nothing is said.")
TOO_FEW = N_("Say at least {limit}.")
TOO_MANY = N_("{field}: {number} values are said.")
AT_MOST = N_("Say at most {limit}.")
WRONG = N_("{field}: “{value}” can't be taken. {advice}")
ODD = N_("{field}: “{value}” isn't what the profile asks for.")
KINDS = {
    "literal": (is_literal, "no_text", N_("Write a text, not an IRI or a description.")),
    "node": (lambda term: not is_literal(term), "no_address", N_("Write an IRI or a description, not a text.")),
    "iri": (is_iri, "no_address", N_("Write an IRI.")),
    "date": (is_some_date, "no_date", N_("Write an xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear.")),
}
OF_CLASS = N_("Say of it that it is a {names}.")
OF_SCHEME = N_("Name an entry of {names}, and say skos:inScheme of it.")
OF_PATTERN = N_("Write an IRI that matches {names}.")
OF_DATATYPE = N_("Write a value of {names}.")
HAS_VALUE = N_("{field}: {names} isn't among the values.")
NUMBERS = ("decimal", "integer", "nonNegativeInteger")


@dataclass(frozen=True, slots=True)
class _Place:
    """One property of one node, and where to report."""

    tree: Tree
    rule: PropertyRule
    node: Token
    report: Report

    @property
    def path(self) -> str:
        return f"{shown(self.node)} {self.rule.name}"

    def refuse(self, code: str, severity: Severity, value: Token, advice: str, names: str = "") -> None:
        translate = self.report.wording.translate
        sentence = translate(WRONG if severity == "error" else ODD)
        told = sentence.format(field=self.path, value=shortened(shown(value)), advice="").rstrip()
        self.report.add(self.path, code, told, severity, translate(advice).format(names=names))

    def say(self, code: str, severity: Severity, sentence: str, advice: str, **words: object) -> None:
        translate = self.report.wording.translate
        told = translate(sentence).format(field=self.path, **words)
        self.report.add(self.path, code, told, severity, translate(advice).format(**words))


def check_statements(profile: Profile, fragment: str, report: Report) -> None:
    """Reports what breaks a rule of the profile: at every node with one of its classes, whoever it belongs to."""
    if not profile.classes:
        return
    tree = Tree(fragment)
    for node, class_ in sorted((line[0], line[2]) for line in tree.lines if line[1] == TYPE):
        rules = profile.by_class.get(class_)
        for rule in rules.properties if rules else ():
            _check_property(_Place(tree, rule, node, report))


def _check_property(place: _Place) -> None:
    values = _values(place)
    _check_number(place, values)
    for value in values:
        _check_kind(place, value)
        _check_class(place, value)
        _check_scheme(place, value)
        _check_own_type(place, value)
    _check_has_value(place, values)


def _values(place: _Place) -> Sequence[Token]:
    rule = place.rule
    if rule.inverse:
        return sorted(line[0] for line in place.tree.lines if line[1] == rule.predicate and line[2] == place.node)
    return sorted(place.tree.about(place.node).get(rule.predicate, ()))


def _check_number(place: _Place, values: Sequence[Token]) -> None:
    rule = place.rule
    if len(values) < rule.least:
        place.say("missing", rule.severity, NONE_SAID, TOO_FEW, limit=rule.least)
    if rule.most is not None and len(values) > rule.most:
        place.say("too_many", rule.severity, TOO_MANY, AT_MOST, number=len(values), limit=rule.most)


def _check_kind(place: _Place, value: Token) -> None:
    rule = place.rule
    if rule.kind is not None:
        accepts, code, advice = KINDS[rule.kind]
        if not accepts(value):
            place.refuse(code, rule.severity, value, advice)
    if rule.datatype is not None and not is_of_datatype(value, rule.datatype):
        name = curie(rule.datatype)
        code = "no_number" if name.removeprefix("xsd:") in NUMBERS else "no_text"
        place.refuse(code, rule.severity, value, OF_DATATYPE, name)


def _check_class(place: _Place, value: Token) -> None:
    rule = place.rule
    if not rule.classes or _is_open(place.tree, value):
        return
    if not set(place.tree.about(value).get(TYPE, ())).intersection(rule.classes):
        place.refuse("other_class", rule.severity, value, OF_CLASS, _names(rule.classes))


def _check_scheme(place: _Place, value: Token) -> None:
    rule = place.rule
    matches = rule.pattern is not None and is_iri(value) and _compiled(rule.pattern).search(value_of(value))
    if matches or not (rule.schemes or rule.pattern):
        return
    if not rule.schemes:
        place.refuse("pattern", rule.scheme_severity, value, OF_PATTERN, str(rule.pattern))
    elif not _is_listed(place.tree, value, rule.schemes):
        place.refuse("unknown_code", rule.scheme_severity, value, OF_SCHEME, _iris(rule.schemes))


def _check_own_type(place: _Place, value: Token) -> None:
    schemes = place.rule.type_schemes
    for own in place.tree.about(value).get(DCT_TYPE, ()) if schemes else ():
        if not _is_listed(place.tree, own, schemes):
            place.refuse("unknown_code", place.rule.scheme_severity, own, OF_SCHEME, _iris(schemes))


def _check_has_value(place: _Place, values: Sequence[Token]) -> None:
    wanted = place.rule.has_value
    if wanted is None:
        return
    if wanted not in values:
        place.say("missing", place.rule.scheme_severity, HAS_VALUE, "", names=shown(wanted))
    for value in values:
        if not is_iri(value):
            place.refuse("no_address", place.rule.scheme_severity, value, KINDS["iri"][2])


def _is_open(tree: Tree, value: Token) -> bool:
    """Whether nothing can be told of a value: it is named here and described elsewhere."""
    return is_iri(value) and not tree.about(value)


def _is_listed(tree: Tree, value: Token, schemes: Sequence[Token]) -> bool:
    if _is_open(tree, value):
        return True
    return is_iri(value) and not set(tree.about(value).get(IN_SCHEME, ())).isdisjoint(schemes)


def _names(terms: Sequence[Token]) -> str:
    return ", ".join(map(curie, terms))


def _iris(terms: Sequence[Token]) -> str:
    return ", ".join(map(value_of, terms))


def shown(term: Token) -> str:
    """What a person reads of a term: `_:c0` of a blank node."""
    return term if is_blank(term) else value_of(term)


@lru_cache(maxsize=4096)
def curie(term: Token) -> str:
    """dct:title of <http://purl.org/dc/terms/title>; the IRI where it has no prefix of ours."""
    iri = value_of(term)
    found = (f"{prefix}:{iri[len(str(space)) :]}" for prefix, space in PREFIXES.items() if iri.startswith(str(space)))
    return next(found, iri)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
