"""What one property of a node is: how its value is said, what stands beside it, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from ckanext.citizendata.core.mapping.codec import Codec
from ckanext.citizendata.core.terms import RDF, SKOS
from ckanext.citizendata.core.tokens import Line, Token, is_iri, text_of, token

__all__ = ["TYPE", "Beside", "Consequence", "Property", "Readable", "Reading", "Support", "Writing"]

TYPE = token(RDF.type)
IN_SCHEME = token(SKOS.inScheme)
PREF_LABEL = token(SKOS.prefLabel)
# A key, and what reads terms as its value.
Reading: TypeAlias = tuple[str, Callable[[Sequence[Token]], Any]]
# What stands between a node and the terms of a value, and what writes these.
Writing: TypeAlias = tuple[str, Callable[[Any], Sequence[Token]]]


class Beside(NamedTuple):
    """What is said about one term: as statements, by predicate, and as lines of N-Triples."""

    lines: Sequence[Line]
    said: Mapping[Token, Sequence[Token]]
    written: Sequence[str]


NOTHING = Beside((), {}, ())


@dataclass(frozen=True)
class Support:
    """What is said about a value beside it, so that a validator of DCAT-AP knows it without our lists.

    <…/language/ENG> a dct:LinguisticSystem ; skos:inScheme <…/language>
    """

    class_: Token
    scheme: Token | None = None
    names: Mapping[Token, Token] = field(default_factory=dict, hash=False)
    _known: dict[Token, Beside] = field(default_factory=dict, hash=False, compare=False)

    def beside(self, term: Token) -> Beside:
        """What is said about a term; nothing about a literal or a blank node."""
        known = self._known.get(term)
        if known is None:
            known = self._made(term) if is_iri(term) else NOTHING
            if term in self.names:
                self._known[term] = known
        return known

    def _made(self, term: Token) -> Beside:
        lines = [(term, TYPE, self.class_)]
        if self.scheme:
            lines.append((term, IN_SCHEME, self.scheme))
        if self.names.get(term):
            lines.append((term, PREF_LABEL, self.names[term]))
        said = {predicate: [target] for _, predicate, target in lines}
        return Beside(lines, said, [text_of((line,)) for line in lines])


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
    def plainly_written(self) -> Mapping[str, Writing]:
        """How to write the properties with nothing beside them, by key."""
        return {part.key: (f" {part.predicate} ", part.codec.encode) for part in self.properties if part.is_plain}

    @cached_property
    def written_with_more(self) -> tuple[Property, ...]:
        """The other properties."""
        return tuple(part for part in self.properties if not part.is_plain)

    @cached_property
    def accepting(self) -> tuple[Property, ...]:
        """The properties that are also read by other predicates."""
        return tuple(part for part in self.properties if part.accept)
