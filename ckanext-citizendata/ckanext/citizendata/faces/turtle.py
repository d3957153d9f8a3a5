"""Turtle for people: short names, one statement a line, nodes inside nodes; equal input gives equal text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ckanext.citizendata.core.terms import PREFIXES
from ckanext.citizendata.core.tokens import Token, is_blank, is_iri, literal_token
from ckanext.citizendata.core.tree import Tree

__all__ = ["Items", "Names", "Node", "Pair", "Value", "nested", "statement", "text"]

WIDTH = 120
INDENT = "    "
LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
# A name with a prefix, outside literals and comments.
USED = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^>\n]*>|(?<![\w-])([A-Za-z][\w-]*):')
TYPE_IRI = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Node:
    """A node without a name."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of RDF."""

    values: tuple[Value, ...]


Value: TypeAlias = "str | Node | Items"
Pair: TypeAlias = "tuple[str, Value]"


class Names:
    """Short names for IRIs, and the head that declares those in use."""

    def __init__(self, more: Mapping[str, str] | None = None) -> None:
        self._iris = {prefix: str(space) for prefix, space in PREFIXES.items()} | dict(more or {})
        # The longest namespace first, so that the nearest name is found.
        self._longest = sorted(self._iris.items(), key=lambda pair: (-len(pair[1]), pair[0]))

    def of(self, iri: str) -> str:
        """dct:title for what a prefix covers, else the IRI in angle brackets."""
        for prefix, space in self._longest:
            if iri.startswith(space) and LOCAL.fullmatch(iri[len(space) :]):
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    def term(self, term: Token) -> str:
        """A term of the mapping in short; a datatype too."""
        if is_iri(term):
            return self.of(term[1:-1])
        value, marker, datatype = term.rpartition("^^<")
        return f"{value}^^{self.of(datatype[:-1])}" if marker else term

    def head(self, body: str) -> str:
        """The prefixes that a text uses, sorted."""
        used = {found[1] for found in USED.finditer(body) if found[1]}
        return "".join(f"@prefix {prefix}: <{self._iris[prefix]}> .\n" for prefix in sorted(used & self._iris.keys()))


def text(value: str, language: str = "") -> str:
    """A literal; raises `ValueError` for what no file of RDF may hold."""
    plain = literal_token(value)
    if plain is None:
        raise ValueError(f"{value!r} can't be written in RDF")
    return f"{plain}@{language}" if language else plain


def statement(subject: str, pairs: Sequence[Pair]) -> str:
    """What is said about a subject, ending in a full stop."""
    return f"{subject} {_lines(pairs, INDENT)} .\n"


def nested(tree: Tree, subject: Token, names: Names) -> str:
    """What a fragment says about its subject, blank nodes in their places, then what it says about others by name."""
    named = [subject, *sorted({line[0] for line in tree.lines if is_iri(line[0])} - {subject})]
    return "\n".join(statement(names.term(each), _said(tree, each, names)) for each in named if tree.about(each))


def _said(tree: Tree, node: Token, names: Names) -> tuple[Pair, ...]:
    about = sorted(tree.about(node).items(), key=lambda pair: (pair[0] != f"<{TYPE_IRI}>", pair[0]))
    return tuple(
        ("a" if predicate == f"<{TYPE_IRI}>" else names.term(predicate), value)
        for predicate, terms in about
        for value in sorted((_object(tree, term, names) for term in terms), key=str)
    )


def _object(tree: Tree, term: Token, names: Names) -> Value:
    return Node(_said(tree, term, names)) if is_blank(term) else names.term(term)


def _lines(pairs: Sequence[Pair], indent: str) -> str:
    return f" ;\n{indent}".join(f"{name} {_value(value, indent)}" for name, value in pairs)


def _value(value: Value, indent: str) -> str:
    flat = _flat(value)
    if len(flat) + len(indent) + 30 <= WIDTH or isinstance(value, str):
        return flat
    inner = indent + INDENT
    if isinstance(value, Node):
        return f"[\n{inner}{_lines(value.pairs, inner)}\n{indent}]"
    return f"(\n{_wrapped((_value(each, inner) for each in value.values), inner)}\n{indent})"


def _wrapped(parts: Iterable[str], indent: str) -> str:
    """Short parts side by side, long ones on lines of their own."""
    lines: list[str] = []
    for part in parts:
        if lines and "\n" not in lines[-1] + part and len(lines[-1]) + len(part) < WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(f"{indent}{part}")
    return "\n".join(lines)


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Node):
        return f"[ {' ; '.join(f'{name} {_flat(inner)}' for name, inner in value.pairs)} ]"
    return f"( {' '.join(map(_flat, value.values))} )" if value.values else "()"
