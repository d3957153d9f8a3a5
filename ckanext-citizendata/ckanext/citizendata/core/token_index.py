"""Statements as texts (`tokens`), prepared for look-ups from either end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ckanext.citizendata.core.terms import RDF
from ckanext.citizendata.core.tokens import Line, Token, lines_of, token

__all__ = ["TokenIndex"]

TYPE = token(RDF.type)


class TokenIndex:
    """Canonical N-Triples, read once. Objects are looked up by literals too, as nothing tells them apart here."""

    __slots__ = ("_about", "_back")

    def __init__(self, text: str) -> None:
        about: dict[Token, list[Line]] = {}
        back: dict[Token, list[Line]] = {}
        for line in lines_of(text):
            about.setdefault(line[0], []).append(line)
            if line[2][0] != '"':
                back.setdefault(line[2], []).append(line)
        self._about: Mapping[Token, Sequence[Line]] = about
        self._back: Mapping[Token, Sequence[Line]] = back

    def __contains__(self, subject: Token) -> bool:
        return subject in self._about

    def about(self, subject: Token) -> Sequence[Line]:
        """What is said about a node, in the order of reading."""
        return self._about.get(subject, ())

    def objects(self, subject: Token, predicate: Token) -> list[Token]:
        """What a node says by a predicate, each once, sorted."""
        return sorted({line[2] for line in self.about(subject) if line[1] == predicate})

    def subjects(self, predicate: Token, target: Token) -> list[Token]:
        """Who says a node by a predicate, each once, sorted; literals aren't indexed."""
        return sorted({line[0] for line in self._back.get(target, ()) if line[1] == predicate})

    def typed(self, classes: Iterable[Token]) -> list[Token]:
        """The nodes of any of the classes, each once, in the order of classes and names."""
        return list(dict.fromkeys(node for each in classes for node in self.subjects(TYPE, each)))
