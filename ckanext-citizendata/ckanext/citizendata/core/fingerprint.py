"""One short text for a graph: equal for equal statements, whatever their order and the labels of blank nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import TypeAlias

from ckanext.citizendata.core.tokens import Line, Token, is_blank, lines_of, text_of

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
    said = set(lines)
    about_blanks = [line for line in said if is_blank(line[0]) or is_blank(line[2])]
    if not about_blanks:
        text = text_of(said)
        return Named(text, _digest(text))
    colours = _colours(about_blanks)
    ranked = sorted(colours, key=lambda node: (colours[node], node))
    ranks = {node: f"_:b{rank}" for rank, node in enumerate(ranked)}
    seen = {node: f"_:{colour}" for node, colour in colours.items()}
    named, hashed = [], []
    for subject, predicate, target in said:
        rest = f" {predicate} "
        named.append(f"{ranks.get(subject, subject)}{rest}{ranks.get(target, target)} .\n")
        hashed.append(f"{seen.get(subject, subject)}{rest}{seen.get(target, target)} .\n")
    return Named("".join(sorted(named)), _digest("".join(sorted(hashed))))


def _digest(text: str) -> str:
    # Without the ends of statements, as the first fingerprints were made.
    return sha256(text.replace(" .\n", "\n")[:-1].encode("utf-8", "surrogatepass")).hexdigest()


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
