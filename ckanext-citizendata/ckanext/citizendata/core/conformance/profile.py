"""What an application profile such as DCAT-AP asks of each class, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ckanext.citizendata.core.problem import Severity
from ckanext.citizendata.core.shape import SchemaError
from ckanext.citizendata.core.terms import node
from ckanext.citizendata.core.tokens import Token, token

__all__ = ["NO_PROFILE", "ClassRules", "Profile", "PropertyRule", "profile_from_dict"]

KINDS = ("literal", "node", "iri", "date")
OF_LINES = "path min max kind datatype class scheme pattern has_value type_scheme severity scheme_severity"
KEYS = frozenset(OF_LINES.split())


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """What is asked of one property of the nodes of a class.

    `name` is the path as written (`dct:title`); an `inverse` one is read backwards: the nodes that point here. A value
    is of one of `classes`; it is in one of `schemes` or matches `pattern`, where either is given. `severity` and
    `scheme_severity` tell how bad it is; the second is for schemes, pattern, `has_value` and `type_schemes`.
    """

    name: str
    predicate: Token
    inverse: bool = False
    least: int = 0
    most: int | None = None
    kind: str | None = None
    datatype: Token | None = None
    classes: tuple[Token, ...] = ()
    schemes: tuple[Token, ...] = ()
    pattern: str | None = None
    has_value: Token | None = None
    type_schemes: tuple[Token, ...] = ()
    severity: Severity = "error"
    scheme_severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class ClassRules:
    """What is asked of every node of a class."""

    name: str
    class_: Token
    properties: tuple[PropertyRule, ...]


@dataclass(frozen=True)
class Profile:
    """A profile by name, and its classes."""

    name: str
    classes: tuple[ClassRules, ...]

    @cached_property
    def by_class(self) -> Mapping[Token, ClassRules]:
        """The rules of each class."""
        return {rules.class_: rules for rules in self.classes}


NO_PROFILE = Profile("", ())


def profile_from_dict(document: Mapping[str, Any]) -> Profile:
    """The profile that a table describes; raises `SchemaError`, which names class and key, for what can't be."""
    return Profile(str(document["profile"]), tuple(_class_rules(entry) for entry in document["classes"]))


def _class_rules(entry: Mapping[str, Any]) -> ClassRules:
    name = str(entry["class"])
    return ClassRules(name, _token(name, name), tuple(_property(name, line) for line in entry["properties"]))


def _property(where: str, line: Mapping[str, Any]) -> PropertyRule:
    path = str(line["path"])
    where = f"{where}, {path}"
    for key in line:
        if key not in KEYS:
            raise SchemaError(f"{where}: {key}: unknown key; known here: {', '.join(sorted(KEYS))}")
    if line.get("kind") not in (None, *KINDS):
        raise SchemaError(f"{where}: kind: {line['kind']!r} isn't one of {', '.join(KINDS)}")
    return PropertyRule(
        name=path,
        predicate=_token(where, path.removeprefix("^")),
        inverse=path.startswith("^"),
        least=int(line.get("min", 0)),
        most=line.get("max"),
        kind=line.get("kind"),
        datatype=_optional(where, line.get("datatype")),
        classes=_tokens(where, line.get("class", ())),
        schemes=_tokens(where, line.get("scheme", ())),
        pattern=line.get("pattern"),
        has_value=_optional(where, line.get("has_value")),
        type_schemes=_tokens(where, line.get("type_scheme", ())),
        severity=_severity(where, line.get("severity")),
        scheme_severity=_severity(where, line.get("scheme_severity")),
    )


def _severity(where: str, word: Any) -> Severity:
    if word is None:
        return "error"
    if word != "warning":
        raise SchemaError(f"{where}: severity: {word!r} isn't warning")
    return "warning"


def _tokens(where: str, names: str | Sequence[str]) -> tuple[Token, ...]:
    return tuple(_token(where, name) for name in ([names] if isinstance(names, str) else names))


def _optional(where: str, name: str | None) -> Token | None:
    return None if name is None else _token(where, name)


def _token(where: str, name: str) -> Token:
    try:
        return token(node(name))
    except ValueError as error:
        raise SchemaError(f"{where}: {error}") from error
