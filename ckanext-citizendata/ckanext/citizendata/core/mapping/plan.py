"""The schema compiled for mapping: a tree of nodes, each with the properties that are written and read on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ckanext.citizendata.core.mapping.codec import Codec
from ckanext.citizendata.core.terms import DCT, RDF, SKOS
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_iri, text_of, token

__all__ = ["TYPE", "WHOLE", "Consequence", "FieldPlan", "Mark", "NodePlan", "Plan", "Property", "Support"]

# The key of a property that takes the whole item, as the text of an annotation does.
WHOLE = ""
TYPE = token(RDF.type)
IDENTIFIER = token(DCT.identifier)
IN_SCHEME = token(SKOS.inScheme)
PREF_LABEL = token(SKOS.prefLabel)


@dataclass(frozen=True)
class Support:
    """What is said about a value beside it, so that a validator of DCAT-AP knows it without our lists.

    <…/language/ENG> a dct:LinguisticSystem ; skos:inScheme <…/language>
    """

    class_: Token
    scheme: Token | None = None
    names: Mapping[Token, Token] = field(default_factory=dict, hash=False)
    _known: dict[Token, Sequence[Line]] = field(default_factory=dict, hash=False, compare=False)
    _written: dict[Token, Sequence[str]] = field(default_factory=dict, hash=False, compare=False)

    def of(self, term: Token) -> Sequence[Line]:
        """The statements about a term; none about a literal or a blank node."""
        known = self._known.get(term)
        if known is None:
            known = self._made(term) if is_iri(term) else ()
            if term in self.names:
                self._known[term] = known
        return known

    def written(self, term: Token) -> Sequence[str]:
        """The same as lines of N-Triples."""
        known = self._written.get(term)
        if known is None:
            known = tuple(text_of((line,)) for line in self.of(term))
            if term in self.names:
                self._written[term] = known
        return known

    def _made(self, term: Token) -> Sequence[Line]:
        lines = [(term, TYPE, self.class_)]
        if self.scheme:
            lines.append((term, IN_SCHEME, self.scheme))
        if self.names.get(term):
            lines.append((term, PREF_LABEL, self.names[term]))
        return tuple(lines)


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
    is_plain: bool = field(init=False)

    def __post_init__(self) -> None:
        # One statement a term, and nothing beside it: what nearly every property is, told fast.
        is_plain = self.support is None and self.otherwise is None and not self.also
        object.__setattr__(self, "is_plain", is_plain)


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
    def accepting(self) -> tuple[Property, ...]:
        """The properties that are also read by other predicates."""
        return tuple(part for part in self.properties if part.accept)


@dataclass(frozen=True)
class NodePlan(Readable):
    """A node. `itself` is the key of the item that holds its IRI; a constant of None is the subject of the record."""

    class_: Token | None
    constants: tuple[tuple[Token, Token | None], ...]
    properties: tuple[Property, ...]
    children: tuple[tuple[Token, NodePlan], ...]
    itself: str | None = None

    @cached_property
    def statements(self) -> tuple[tuple[Token, Token | None], ...]:
        """What is said of every such node: its class, and its constants."""
        return ((TYPE, self.class_), *self.constants) if self.class_ else self.constants

    @cached_property
    def common(self) -> frozenset[Token]:
        """The predicates by which such a node says more than one thing."""
        said = [predicate for predicate, _ in (*self.statements, *self.children)]
        used = [*said, *(part.predicate for part in self.properties)]
        return frozenset(predicate for predicate in used if used.count(predicate) > 1)

    @cached_property
    def written_constants(self) -> tuple[str, ...]:
        """What is said of every such node but of whom, as N-Triples; what points back to the record isn't here."""
        return tuple(f" {predicate} {target} .\n" for predicate, target in self.statements if target)

    @cached_property
    def pointing_back(self) -> tuple[Token, ...]:
        """The predicates by which such a node names the record."""
        return tuple(predicate for predicate, target in self.constants if target is None)

    @cached_property
    def _needing(self) -> tuple[Property, ...]:
        return tuple(part for part in self.properties if part.needed)

    @cached_property
    def _demanding(self) -> tuple[NodePlan, ...]:
        """The nodes inside that can't be without something."""
        return tuple(child for _, child in self.children if not child.is_complete({}))

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The keys that no such node is without."""
        return tuple(part.key for part in self._needing)

    def is_complete(self, item: Mapping[str, Any]) -> bool:
        """Whether the item has all that such a node can't be without; a distribution has an address."""
        for part in self._needing:
            if not part.codec.encode(item.get(part.key)):
                return False
        return all(child.is_complete(item) for child in self._demanding)

    def rank(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """What to sort items by: their values in the order of the schema."""
        own = tuple(part.codec.rank(item[part.key]) if part.key in item else "" for part in self.properties)
        return (
            *own,
            *(rank for _, child in self.children for rank in child.rank(item)),
            str(item.get(self.itself or "", "")),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """The statement by which the nodes of a field are told from those of others."""

    predicate: Token
    target: Token


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field whose value is one node or several; `lifted` are dataset fields said about its first node.

    `each_language`: one node a text; `single`: one node that holds one value; else a list of items. Of the nodes behind
    its predicate a field takes those with its mark, or, where it takes the `rest`, without any; never one with a mark
    of `others` or one of `taken`, the terms of another field with a list.
    """

    key: str
    label: str
    predicate: Token
    node: NodePlan
    each_language: bool = False
    single: bool = False
    lifted: tuple[str, ...] = ()
    accept: tuple[Token, ...] = ()
    mark: Mark | None = None
    rest: bool = True
    others: tuple[Mark, ...] = ()
    taken: frozenset[Token] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether an item is the value itself."""
        return self.each_language or self.single


@dataclass(frozen=True)
class Plan(Readable):
    """All that is said about a subject of a class: flat values and nodes; `names_itself` by its IRI as identifier."""

    class_: Token
    names_itself: bool
    properties: tuple[Property, ...]
    nodes: tuple[FieldPlan, ...]
    shared: frozenset[Token] = frozenset()

    @cached_property
    def by_key(self) -> Mapping[str, Property]:
        """The flat properties by the key of the package."""
        return {part.key: part for part in self.properties}

    @cached_property
    def absent(self) -> Mapping[str, Any]:
        """What a record says by saying nothing."""
        silent = ((part.key, part.codec.decode(()).value) for part in self.properties)
        return {key: value for key, value in silent if value is not None}

    def own_lines(self, subject: Token) -> tuple[Line, ...]:
        """What every record says whatever its fields: its class, and its IRI as identifier."""
        own = (subject, TYPE, self.class_)
        if not self.names_itself or is_blank(subject):
            return (own,)
        return own, (subject, IDENTIFIER, f'"{subject[1:-1]}"')
