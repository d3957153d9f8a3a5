"""What a projection shows where a record says nothing: a record without a title can still be listed and opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCT
from ckanext.citizendata.core.tokens import Token, is_literal, token, value_of

__all__ = ["last_part", "with_fallbacks"]

IDENTIFIER = token(DCT.identifier)
DERIVED = (("title", "Title"), ("notes", "Description"))


def with_fallbacks(
    package: Mapping[str, Any], about: Mapping[Token, Sequence[Token]], iri: str
) -> tuple[dict[str, Any], list[Problem]]:
    """The package with a title, a description and a name for each publisher, and what had to be made up.

    Only the plain `title` and `notes` are filled: texts by language say what the record says, and nothing else.
    """
    filled = dict(package)
    problems: list[Problem] = []
    for field, label in DERIVED:
        if not package.get(f"{field}_translated"):
            filled[field] = name = _name(about, iri)
            problems.append(
                Problem(
                    f"{field}_translated", "missing", f"{label}: there is none; “{name}” is shown instead.", "warning"
                )
            )
    if "publisher" in package:
        filled["publisher"] = [_named(agent) for agent in package["publisher"]]
    return filled, problems


def last_part(iri: str) -> str:
    """The readable end of an IRI: https://example.org/dataset/water%20points/ gives water points."""
    parts = [part for part in iri.replace("#", "/").split("/") if part]
    return unquote(parts[-1]) if parts else iri


def _name(about: Mapping[Token, Sequence[Token]], iri: str) -> str:
    """The first identifier by letter other than the IRI, or the readable end of that."""
    identifiers = sorted(value_of(term) for term in about.get(IDENTIFIER, ()) if is_literal(term))
    return next((each for each in identifiers if each != iri), "") or last_part(iri)


def _named(agent: Mapping[str, Any]) -> Mapping[str, Any]:
    return agent if agent.get("name") else {"name": last_part(agent.get("uri", "")), **agent}
