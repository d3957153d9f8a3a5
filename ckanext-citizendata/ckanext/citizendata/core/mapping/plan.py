"""The schema compiled for mapping: a tree of nodes, each with the properties that are written and read on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ckanext.citizendata.core.mapping.concepts import ConceptCodec
from ckanext.citizendata.core.mapping.filled import filled
from ckanext.citizendata.core.mapping.properties import TYPE, Consequence, Property, Readable, Reading, SingleReading
from ckanext.citizendata.core.terms import DCT
from ckanext.citizendata.core.tokens import Line, Token, is_blank, token

__all__ = ["WHOLE", "FieldPlan", "Mark", "NodePlan", "Outline", "Plan"]

# The key of a property that takes the whole item, as the text of an annotation does.
WHOLE = ""
IDENTIFIER = token(DCT.identifier)


@dataclass(frozen=True, slots=True)
class Outline:
    """What each predicate of a node means, where it can mean one thing only.

    `single` are the parts with one term and nothing beside it: their key, and what reads the term. What follows from
    the value of a part is in `following`. No such node is without the predicates of `said` and the keys of `needed`.
    """

    single: Mapping[Token, SingleReading]
    constants: Mapping[Token, Sequence[Token]]
    pointing_back: Set[Token]
    parts: Mapping[Token, Property]
    children: Mapping[Token, NodePlan]
    following: Sequence[tuple[Property, Consequence]]
    said: Set[Token]
    needed: Set[str]


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
    def outline(self) -> Outline | None:
        """None where a predicate means several things, or where others than those that are written are read too."""
        constants, children = dict(self.statements), dict(self.children)
        following = [(part, consequence) for part in self.properties for consequence in part.also]
        meanings = [*self.by_predicate, *constants, *children, *(consequence.predicate for _, consequence in following)]
        is_several = any(len(parts) > 1 for parts in self.by_predicate.values()) or len(meanings) > len(set(meanings))
        if self.accepting or self.common or is_several:
            return None
        return Outline(
            single=self.single,
            constants={predicate: [target] for predicate, target in self.statements if target},
            pointing_back=frozenset(self.pointing_back),
            parts={predicate: part for predicate, (part,) in self.by_predicate.items()},
            children=children,
            following=following,
            said=constants.keys() | {predicate for predicate, child in self.children if not child.is_complete({})},
            needed=frozenset(self.needed),
        )

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
    def _is_undemanding(self) -> bool:
        return not self._needing and not self._demanding

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of an item that such a node, with the nodes inside it, is about; CKAN adds others to a file."""
        own = {part.key for part in self.properties} | ({self.itself} if self.itself else set())
        return frozenset(own.union(*(child.keys for _, child in self.children)))

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The keys that no such node is without."""
        return tuple(part.key for part in self._needing)

    def is_complete(self, item: Mapping[str, Any]) -> bool:
        """Whether the item has all that such a node can't be without; a distribution has an address."""
        if self._is_undemanding:
            return True
        for part in self._needing:
            if not part.codec.encode(item.get(part.key)):
                return False
        return not self._demanding or all(child.is_complete(item) for child in self._demanding)

    def rank(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """What to sort items by: their values in the order of the schema."""
        own = tuple(part.codec.rank(item[part.key]) if part.key in item else "" for part in self.properties)
        return (
            *own,
            *(rank for _, child in self.children for rank in child.rank(item)),
            str(item.get(self.itself or "", "")),
        )


class Mark(NamedTuple):
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

    def told(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """What of an item is about the node, as reading gives it."""
        return filled({key: value for key, value in item.items() if key in self.node.keys})

    @property
    def whole(self) -> bool:
        """Whether an item is the value itself."""
        return self.each_language or self.single


def _only_readers(parts: Sequence[Property]) -> Mapping[Token, Property]:
    lists = [(part, part.codec.terms) for part in parts if isinstance(part.codec, ConceptCodec)]
    return {
        term: part
        for part, terms in lists
        for term in terms
        if all(other is part or other.codec.decode((term,)).left for other in parts)
    }


@dataclass(frozen=True)
class Plan(Readable):
    """All that is said about a subject of a class: flat values and nodes; `names_itself` by its IRI as identifier."""

    class_: Token
    names_itself: bool
    properties: tuple[Property, ...]
    nodes: tuple[FieldPlan, ...]
    shared: frozenset[Token] = frozenset()

    @cached_property
    def plain(self) -> Mapping[Token, Reading]:
        """Key and reader of each predicate by which only one property speaks, with nothing beside its terms."""
        return {name: (part.key, part.codec.exact) for name, part in self._simple.items() if part.is_plain}

    @cached_property
    def supported(self) -> Mapping[Token, Property]:
        """The property of each predicate by which only one speaks, with something beside its terms."""
        return {name: part for name, part in self._simple.items() if not part.is_plain}

    @cached_property
    def _simple(self) -> Mapping[Token, Property]:
        """The property of each predicate by which only one speaks, and with one statement a term."""
        fields = {field.predicate for field in self.nodes}
        return {
            predicate: parts[0]
            for predicate, parts in self.by_predicate.items()
            if len(parts) == 1 and parts[0].is_simple and predicate not in fields
        }

    @cached_property
    def listed(self) -> Mapping[Token, Mapping[Token, Property]]:
        """For each predicate by which several lists speak, the property of each term that is in one list alone."""
        fields = {field.predicate for field in self.nodes}
        return {
            predicate: _only_readers(parts)
            for predicate, parts in self.by_predicate.items()
            if len(parts) > 1 and all(part.is_plain for part in parts) and predicate not in fields
        }

    @cached_property
    def marking(self) -> frozenset[Token]:
        """The predicates of all marks."""
        return frozenset(field.mark.predicate for field in self.nodes if field.mark)

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
