"""Values outside a list as nodes with a label: Own format <-> [ a dct:MediaTypeOrExtent ; rdfs:label "Own format" ]."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.plan import TYPE, Property
from ckanext.citizendata.core.mapping.tree import Tree
from ckanext.citizendata.core.terms import RDFS
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_iri, is_literal, token

__all__ = ["decode_labelled", "labelled"]

LABEL = token(RDFS.label)


def labelled(node: Token, class_: Token, label: Token) -> tuple[Line, Line]:
    """What the node of a value says."""
    return (node, TYPE, class_), (node, LABEL, label)


def decode_labelled(plan: Property, tree: Tree, node: Token) -> tuple[Decoded, Sequence[Line]]:
    """What a node says by the property, and the statements that writing it gives again.

    A label that stands bare, or on a node that says more, is read, but not claimed.
    """
    said_by: dict[Token, list[Token]] = {}
    for term in tree.about(node).get(plan.predicate, ()):
        said_by.setdefault(_named(plan, tree, term), []).append(term)
    decoded = plan.codec.decode(list(said_by))
    claimed: list[Line] = []
    exact = decoded.exact
    for said in decoded.said:
        again = _statements(plan, tree, node, said, said_by[said])
        claimed.extend(again)
        exact = exact and bool(again)
    left = [term for said in decoded.left for term in said_by[said]]
    return decoded._replace(exact=exact, left=left), claimed


def _named(plan: Property, tree: Tree, term: Token) -> Token:
    """The term that the codec reads: a concept or a literal itself, for any other node its label."""
    if is_literal(term) or (is_iri(term) and not plan.codec.decode((term,)).left):
        return term
    labels = [label for label in tree.about(term).get(LABEL, ()) if is_literal(label)]
    return min(labels, default=term)


def _statements(plan: Property, tree: Tree, node: Token, said: Token, sources: Sequence[Token]) -> Sequence[Line]:
    """What we would write, where the record says just that; else nothing."""
    source = sources[0]
    link = (node, plan.predicate, source)
    if len(sources) > 1:
        return ()
    if not is_literal(said):
        return (link,)
    if plan.otherwise is None or not is_blank(source) or tree.is_shared(source):
        return ()
    about = tree.about(source)
    ours = about.get(TYPE) == [plan.otherwise] and about.get(LABEL) == [said] and tree.size(source) == 2
    return (link, *labelled(source, plan.otherwise, said)) if ours else ()
