"""The constraints of an application profile such as DCAT-AP as shapes, with its own severities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ckanext.citizendata.core.conformance.profile import ClassRules, Profile, PropertyRule
from ckanext.citizendata.core.problem import Severity
from ckanext.citizendata.core.tokens import Token
from ckanext.citizendata.faces.constraints import DATE_FORM, DATES, one_of_datatypes
from ckanext.citizendata.faces.turtle import Items, Names, Node, Pair, Value, statement, text

__all__ = ["profile_shapes"]

NODE_KINDS = {"literal": "sh:Literal", "node": "sh:BlankNodeOrIRI", "iri": "sh:IRI"}
WARNING: Pair = ("sh:severity", "sh:Warning")


def profile_shapes(profile: Profile, names: Names) -> Iterator[str]:
    """One shape a class, as Turtle."""
    for rules in profile.classes:
        yield _class(profile, rules, names)


def _class(profile: Profile, rules: ClassRules, names: Names) -> str:
    shapes = (shape for rule in rules.properties for shape in _rule(profile, rules, rule, names))
    head: tuple[Pair, ...] = (("a", "sh:NodeShape"), ("sh:targetClass", names.term(rules.class_)))
    prefix, _, local = rules.name.partition(":")
    return statement(f"shapes:{prefix}-{local}", (*head, *(("sh:property", shape) for shape in shapes)))


def _rule(profile: Profile, rules: ClassRules, rule: PropertyRule, names: Names) -> Iterator[Node]:
    """What is asked of the values, and apart from it what is asked of the lists that they are in."""
    path: Value = names.term(rule.predicate)
    if rule.inverse:
        path = Node((("sh:inversePath", path),))
    told: Pair = ("sh:message", text(f"{profile.name}, {rules.name}, {rule.name}: {_words(rule, names)}.", "en"))
    asked = tuple(_values(rule, names))
    if asked:
        yield Node((("sh:path", path), *asked, *_severity(rule.severity), told))
    listed = tuple(_lists(rule, names))
    if listed:
        yield Node((("sh:path", path), *listed, *_severity(rule.scheme_severity), told))


def _severity(severity: Severity) -> tuple[Pair, ...]:
    return (WARNING,) if severity == "warning" else ()


def _values(rule: PropertyRule, names: Names) -> Iterator[Pair]:
    if rule.least:
        yield "sh:minCount", str(rule.least)
    if rule.most is not None:
        yield "sh:maxCount", str(rule.most)
    if rule.kind in NODE_KINDS:
        yield "sh:nodeKind", NODE_KINDS[rule.kind]
    if rule.kind == "date":
        yield one_of_datatypes(names, *(each.value for each in DATES))
        yield DATE_FORM
    if rule.datatype:
        yield "sh:datatype", names.term(rule.datatype)
    if len(rule.classes) == 1:
        yield "sh:class", names.term(rule.classes[0])
    elif rule.classes:
        yield "sh:or", Items(tuple(Node((("sh:class", names.term(each)),)) for each in rule.classes))


def _lists(rule: PropertyRule, names: Names) -> Iterator[Pair]:
    if rule.schemes or rule.pattern or rule.has_value:
        yield "sh:nodeKind", "sh:IRI"
    if rule.has_value:
        yield "sh:hasValue", names.term(rule.has_value)
    if rule.schemes or rule.pattern:
        either = [*(_in_scheme(each, names) for each in rule.schemes)]
        if rule.pattern:
            either.append(Node((("sh:pattern", text(rule.pattern)),)))
        yield _one_of(either)
    if rule.type_schemes:
        schemes = [_in_scheme(each, names) for each in rule.type_schemes]
        typed = Node((("sh:property", Node((("sh:path", "dct:type"), _one_of(schemes)))),))
        # By sh:node, so that the result has the severity of this line.
        yield "sh:node", typed


def _one_of(shapes: Sequence[Node]) -> Pair:
    return ("sh:node", shapes[0]) if len(shapes) == 1 else ("sh:or", Items(tuple(shapes)))


def _in_scheme(scheme: Token, names: Names) -> Node:
    member = Node((("sh:path", "skos:inScheme"), ("sh:hasValue", names.term(scheme))))
    return Node((("sh:property", member),))


def _words(rule: PropertyRule, names: Names) -> str:
    """The line of the table, as a sentence."""
    either = [*map(names.term, rule.schemes), *([rule.pattern] if rule.pattern else [])]
    parts = (
        f"at least {rule.least}" if rule.least else "",
        f"at most {rule.most}" if rule.most is not None else "",
        f"a {rule.kind}" if rule.kind else "",
        f"of the type {names.term(rule.datatype)}" if rule.datatype else "",
        f"of the class {' or '.join(map(names.term, rule.classes))}" if rule.classes else "",
        f"from {' or '.join(either)}" if either else "",
        f"with {names.term(rule.has_value)} among them" if rule.has_value else "",
        f"its dct:type from {' or '.join(map(names.term, rule.type_schemes))}" if rule.type_schemes else "",
    )
    return ", ".join(part for part in parts if part)
