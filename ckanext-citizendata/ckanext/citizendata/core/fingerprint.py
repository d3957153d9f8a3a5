"""One short text for a graph: equal for equal statements, whatever their order and the labels of blank nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from itertools import filterfalse
from typing import TypeAlias

from ckanext.citizendata.core.tokens import Line, Token, is_blank, lines_of

__all__ = ["ROUNDS", "Named", "fingerprint", "named_by_content"]

# Blank nodes are told apart by what surrounds them, one step further a round. Real descriptions need two to four of
# them; the bound keeps a hostile graph (a clique, a long chain) as cheap as its number of statements.
ROUNDS = 32

Colours: TypeAlias = Mapping[Token, str]


@dataclass(frozen=True, slots=True)
class Named:
    """Statements with blank nodes named by content, as canonical N-Triples, and their fingerprint."""

    text: str
    fingerprint: str


def fingerprint(text: str) -> str:
    """The SHA-256, in 64 hex digits, of canonical N-Triples with blank nodes replaced by hashes of their surroundings.

    Two graphs that differ only in the wiring of indistinguishable blank nodes in a cycle may share a fingerprint;
    canonicalisation tells them apart, but takes exponential time on graphs made to hurt.
    """
    return named_by_content(lines_of(text)).fingerprint


def named_by_content(lines: Iterable[Line]) -> Named:
    """The statements with blank nodes named `b0`, `b1`, … in an order that depends on content alone.

    Equal nodes (same surroundings) are numbered in the order of their former labels.
    """
    # What comes in order, as most of it does, is sorted in one walk.
    said = dict.fromkeys(lines)
    about_blanks = [line for line in said if line[0][0] == "_" or line[2][0] == "_"]
    plain = sorted(map(" ".join, filterfalse(set(about_blanks).__contains__, said) if about_blanks else said))
    if not about_blanks:
        return Named(_ended(plain), _digest(plain))
    colours = _colours(about_blanks)
    ranked = sorted(colours, key=lambda node: (colours[node], node))
    ranks = {node: f"_:b{rank}" for rank, node in enumerate(ranked)}
    seen = {node: f"_:{colour}" for node, colour in colours.items()}
    named, hashed = (sorted([*plain, *_renamed(about_blanks, names)]) for names in (ranks, seen))
    return Named(_ended(named), _digest(hashed))


def _renamed(lines: Iterable[Line], names: Mapping[Token, str]) -> Iterator[str]:
    return (f"{names.get(node, node)} {name} {names.get(term, term)}" for node, name, term in lines)


def _ended(statements: Sequence[str]) -> str:
    """Canonical N-Triples of the statements, which are sorted; their ends don't change their order."""
    return " .\n".join([*statements, ""])


def _digest(statements: Sequence[str]) -> str:
    """Of the statements without their ends, as the first fingerprints were made."""
    return sha256("\n".join(statements).encode("utf-8", "surrogatepass")).hexdigest()


def _colours(lines: Sequence[Line]) -> Colours:
    """The hash of each blank node's surroundings, from the statements with blank nodes in them."""
    facts: dict[Token, list[str]] = {}
    links: dict[Token, list[tuple[str, Token]]] = {}
    for subject, predicate, target in lines:
        if not is_blank(target):
            facts.setdefault(subject, []).append(f">{predicate} {target}")
        elif not is_blank(subject):
            facts.setdefault(target, []).append(f"<{predicate} {subject}")
        else:
            facts.setdefault(subject, [])
            facts.setdefault(target, [])
            links.setdefault(subject, []).append((f">{predicate}", target))
            links.setdefault(target, []).append((f"<{predicate}", subject))
    colours = {node: _hash(sorted(said)) for node, said in facts.items()}
    kinds = len(set(colours.values()))
    for _ in range(ROUNDS):
        if kinds == len(colours):
            return colours
        colours = {node: _hash([colours[node], *_surroundings(links.get(node, ()), colours)]) for node in colours}
        kinds, before = len(set(colours.values())), kinds
        if kinds == before:
            return colours
    return colours


def _surroundings(links: Iterable[tuple[str, Token]], colours: Colours) -> list[str]:
    return sorted(f"{predicate} {colours[other]}" for predicate, other in links)


def _hash(parts: list[str]) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
