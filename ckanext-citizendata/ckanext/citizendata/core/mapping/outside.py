"""Values outside a list, which a predicate of their own says: Field notes <-> cdata:formatName "Field notes"."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.properties import Property
from ckanext.citizendata.core.terms import RDFS
from ckanext.citizendata.core.tokens import Line, Token, is_iri, is_literal, token
from ckanext.citizendata.core.tree import Tree

__all__ = ["decode_outside"]

LABEL = token(RDFS.label)


def decode_outside(plan: Property, tree: Tree, node: Token) -> tuple[Decoded, Sequence[Line]]:
    """What a node says by the property, and the statements that writing it gives again, one for each term said.

    Others put a bare text or a node with a label in the place of a code: it is read, but not claimed.
    """
    about = tree.about(node)
    said_by: dict[Token, list[Line]] = {}
    for term in about.get(plan.predicate, ()):
        said_by.setdefault(_named(plan, tree, term), []).append((node, plan.predicate, term))
    for term in about.get(plan.otherwise or "", ()):
        said_by.setdefault(term, []).append((node, plan.otherwise or "", term))
    decoded = plan.codec.decode(list(said_by))
    again = {said: said_by[said][0] for said in decoded.said if said_by[said] == [_written(plan, node, said)]}
    left = [line[2] for said in decoded.left for line in said_by[said]]
    exact = decoded.exact and len(again) == len(decoded.said)
    return decoded._replace(said=list(again), exact=exact, left=left), list(again.values())


def _named(plan: Property, tree: Tree, term: Token) -> Token:
    """The term that the codec reads: a concept or a literal itself, for any other node its label."""
    if is_literal(term) or (is_iri(term) and not plan.codec.decode((term,)).left):
        return term
    return min((label for label in tree.about(term).get(LABEL, ()) if is_literal(label)), default=term)


def _written(plan: Property, node: Token, said: Token) -> Line:
    return node, (plan.otherwise or "") if is_literal(said) else plan.predicate, said
