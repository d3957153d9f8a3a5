"""One short text for a graph: equal for equal statements, whatever their order and the labels of blank nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import blake2b, sha256
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import Graph, term_text

__all__ = ["ROUNDS", "fingerprint", "relabelled"]

# Blank nodes are told apart by what surrounds them, one step further a round. Real descriptions need two to four of
# them; the bound keeps a hostile graph (a clique, a long chain) as cheap as its number of statements.
ROUNDS = 32

Colours = dict[BlankNode, str]
T = TypeVar("T")


def fingerprint(graph: Graph) -> str:
    """The SHA-256, in 64 hex digits, of the statements with each blank node replaced by a hash of what surrounds it.

    Language tags count in lower case. Two graphs that differ only in the wiring of indistinguishable blank nodes in a
    cycle may share a fingerprint; canonicalisation tells them apart, but takes exponential time on graphs made to hurt.
    """
    colours = _colours(graph)
    lines = sorted(f"{_text(t.subject, colours)} {term_text(t.predicate)} {_text(t.object, colours)}" for t in graph)
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def relabelled(graph: Graph) -> Graph:
    """The same statements with blank nodes named `b0`, `b1`, … in an order that depends on content alone.

    Equal nodes (same surroundings) are numbered in the order of their former labels.
    """
    colours = _colours(graph)
    ranked = sorted(colours, key=lambda node: (colours[node], node.value))
    names = {node: BlankNode(f"b{rank}") for rank, node in enumerate(ranked)}
    if not names:
        return graph
    return frozenset(Triple(_renamed(t.subject, names), t.predicate, _renamed(t.object, names)) for t in graph)


def _renamed(node: T, names: Mapping[BlankNode, BlankNode]) -> T | BlankNode:
    return names[node] if isinstance(node, BlankNode) else node


def _colours(graph: Graph) -> Colours:
    """The hash of each blank node's surroundings."""
    colours, links = _first_colours(graph)
    kinds = len(set(colours.values()))
    for _ in range(ROUNDS):
        if kinds == len(colours):
            return colours
        colours = {node: _hash([colours[node], *_seen(links[node], colours)]) for node in colours}
        kinds, before = len(set(colours.values())), kinds
        if kinds == before:
            return colours
    return colours


def _first_colours(graph: Graph) -> tuple[Colours, dict[BlankNode, list[tuple[str, BlankNode]]]]:
    """The hash of each blank node's links to IRIs and literals, and its links to other blank nodes both ways."""
    facts: defaultdict[BlankNode, list[str]] = defaultdict(list)
    links: defaultdict[BlankNode, list[tuple[str, BlankNode]]] = defaultdict(list)
    for subject, link, target in graph:
        predicate = term_text(link)
        if isinstance(subject, BlankNode):
            if isinstance(target, BlankNode):
                links[subject].append((f">{predicate}", target))
                links[target].append((f"<{predicate}", subject))
                facts[target]
            else:
                facts[subject].append(f">{predicate} {_text(target, {})}")
            facts[subject]
        elif isinstance(target, BlankNode):
            facts[target].append(f"<{predicate} {_text(subject, {})}")
    return {node: _hash(sorted(said)) for node, said in facts.items()}, links


def _seen(links: Iterable[tuple[str, BlankNode]], colours: Colours) -> list[str]:
    return sorted(f"{predicate} {colours[other]}" for predicate, other in links)


def _text(node: NamedNode | BlankNode | Literal | Triple, colours: Colours) -> str:
    if isinstance(node, BlankNode):
        return f"_:{colours[node]}"
    if isinstance(node, Literal) and node.language and not node.language.islower():
        return term_text(Literal(node.value, language=node.language.lower()))
    return term_text(node)


def _hash(parts: list[str]) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
