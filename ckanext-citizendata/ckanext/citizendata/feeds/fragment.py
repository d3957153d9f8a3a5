"""A stored fragment read for export."""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat, Triple, parse

from ckanext.citizendata.core.hazard import is_harmless, is_suspect, sieve

__all__ = ["statements_from_fragment"]

# A line with a literal has a quotation mark or a datatype before its final point, so these are exact on N-Triples.
BLANK_SUBJECT = re.compile(r"^_:(\S+)", re.MULTILINE)
BLANK_OBJECT = re.compile(r" _:([^\s\"<>]+)( ?\.)$", re.MULTILINE)


def statements_from_fragment(text: str, prefix: str) -> tuple[list[Triple], int]:
    """The statements of a fragment in the order of its lines, and how many are withheld as hazards.

    Blank nodes are called `prefix` and a number: two fragments may use one label for different nodes.
    Raises `SyntaxError` for text that isn't N-Triples.
    """
    relabelled = _relabelled(text, prefix)
    if not is_suspect(relabelled):
        try:
            return _parsed(relabelled, lenient=False), 0
        except SyntaxError:
            # Received IRIs may be imperfect; the closer look below tells which of them others can read.
            pass
    return sieve(_parsed(relabelled, lenient=True), is_harmless)


def _relabelled(text: str, prefix: str) -> str:
    if "_:" not in text:
        return text
    labels: dict[str, str] = {}

    def label(match: re.Match[str]) -> str:
        return f"_:{labels.setdefault(match[1], f'{prefix}{len(labels)}')}"

    return BLANK_OBJECT.sub(lambda match: f" {label(match)}{match[2]}", BLANK_SUBJECT.sub(label, text))


def _parsed(text: str, *, lenient: bool) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=lenient)]
