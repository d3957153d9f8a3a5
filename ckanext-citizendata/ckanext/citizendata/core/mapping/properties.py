"""What one property of a node is: how its value is said, what stands beside it, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

from ckanext.citizendata.core.mapping.codec import Codec
from ckanext.citizendata.core.terms import RDF, SKOS
from ckanext.citizendata.core.tokens import Line, Token, is_iri, token

__all__ = ["TYPE", "Consequence", "Property", "Readable", "Reading", "SingleReading", "Support", "Writing"]

TYPE = token(RDF.type)
IN_SCHEME = token(SKOS.inScheme)
PREF_LABEL = token(SKOS.prefLabel)
# A key, and what reads its value, from all its terms or from the one that it has.
Reading: TypeAlias = tuple[str, Callable[[Sequence[Token]], Any]]
SingleReading: TypeAlias = tuple[str, Callable[[Token], Any]]
# A key, what stands between a node and the terms of its value, and what writes these.
Writing: TypeAlias = tuple[str, str, Callable[[Any], Sequence[Token]]]


NOTHING: Mapping[Token, Sequence[Token]] = {}


@dataclass(frozen=True)
class Support:
    """What is said about a value beside it, so that a validator of DCAT-AP knows it without our lists.

    <…/language/ENG> a dct:LinguisticSystem ; skos:inScheme <…/language>
    """

    class_: Token
    scheme: Token | None = None
    names: Mapping[Token, Token] = field(default_factory=dict, hash=False)
    _written: dict[Token, Sequence[str]] = field(default_factory=dict, hash=False, compare=False)

    def said(self, term: Token) -> Mapping[Token, Sequence[Token]]:
        """What is said about a term, by predicate; nothing about a literal or a blank node."""
        if not is_iri(term):
            return NOTHING
        name = self.names.get(term)
        return {**self._alike, PREF_LABEL: [name]} if name else self._alike

    def lines(self, term: Token) -> Sequence[Line]:
        """What is said about a term, as statements."""
        return [(term, predicate, target) for predicate, (target,) in self.said(term).items()]

    def written(self, term: Token) -> Sequence[str]:
        """What is said about a term, as lines of N-Triples."""
        written = self._written.get(term)
        if written is None:
            written = [f"{term} {predicate} {target} .\n" for predicate, (target,) in self.said(term).items()]
            if term in self.names:
                self._written[term] = written
        return written

    @cached_property
    def _alike(self) -> Mapping[Token, Sequence[Token]]:
        """What is said about every term."""
        return {TYPE: [self.class_], IN_SCHEME: [self.scheme]} if self.scheme else {TYPE: [self.class_]}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A statement that follows from a code: the node to say by code."""

    predicate: Token
    nodes: Mapping[str, Token]
    support: Support | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A flat value on a node.

    `accept` are predicates that are read only; by a `shared` predicate others say other things; without a `needed`
    value no node is written or claimed; a value outside the list is said by `otherwise`.
    """

    key: str
    label: str
    predicate: Token
    codec: Codec
    accept: tuple[Token, ...] = ()
    also: tuple[Consequence, ...] = ()
    needed: bool = False
    shared: bool = False
    otherwise: Token | None = None
    support: Support | None = None
    is_simple: bool = field(init=False)
    is_plain: bool = field(init=False)

    def __post_init__(self) -> None:
        # One statement a term, and mostly nothing beside it: what nearly every property is, told fast.
        object.__setattr__(self, "is_simple", self.otherwise is None and not self.also)
        object.__setattr__(self, "is_plain", self.is_simple and self.support is None)


class Readable:
    """What has flat properties, arranged for reading."""

    properties: tuple[Property, ...]

    @cached_property
    def by_predicate(self) -> Mapping[Token, tuple[Property, ...]]:
        """The properties by each predicate that they are written with, in their order."""
        found: dict[Token, tuple[Property, ...]] = {}
        for part in self.properties:
            for predicate in (part.predicate, part.otherwise):
                if predicate is not None:
                    found[predicate] = (*found.get(predicate, ()), part)
        return found

    @cached_property
    def single(self) -> Mapping[Token, SingleReading]:
        """The properties whose values are one term with nothing beside it, by predicates by which only they speak."""
        parts = [parts[0] for parts in self.by_predicate.values() if len(parts) == 1 and parts[0].is_plain]
        return {part.predicate: (part.key, part.codec.single) for part in parts if part.codec.single}

    @cached_property
    def plainly_written(self) -> Sequence[Writing]:
        """How to write the properties with nothing beside them, in the order of their statements."""
        plain = sorted((part for part in self.properties if part.is_plain), key=attrgetter("predicate"))
        return [(part.key, f" {part.predicate} ", part.codec.encode) for part in plain]

    @cached_property
    def written_with_more(self) -> tuple[Property, ...]:
        """The other properties."""
        return tuple(part for part in self.properties if not part.is_plain)

    @cached_property
    def accepting(self) -> tuple[Property, ...]:
        """The properties that are also read by other predicates."""
        return tuple(part for part in self.properties if part.accept)
