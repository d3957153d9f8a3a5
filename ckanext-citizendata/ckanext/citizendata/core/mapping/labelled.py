"""Values outside a list as nodes with a label: Own format <-> [ a dct:MediaTypeOrExtent ; rdfs:label "Own format" ]."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import Node, Subject
from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.plan import Property
from ckanext.citizendata.core.mapping.tree import Tree
from ckanext.citizendata.core.terms import RDF, RDFS

__all__ = ["decode_labelled", "labelled"]

TYPE = RDF.type
LABEL = RDFS.label


def labelled(node: BlankNode | NamedNode, class_: NamedNode, label: Literal) -> tuple[Triple, Triple]:
    """What the node of a value says."""
    return Triple(node, TYPE, class_), Triple(node, LABEL, label)


def decode_labelled(plan: Property, tree: Tree, node: Subject) -> tuple[Decoded, Sequence[Triple]]:
    """What a node says by the property, and the statements that writing it gives again.

    A label that stands bare, or on a node that says more, is read, but not claimed.
    """
    said_by: dict[Node, list[Node]] = {}
    for term in tree.about(node).get(plan.predicate, ()):
        said_by.setdefault(_named(plan, tree, term), []).append(term)
    decoded = plan.codec.decode(list(said_by))
    claimed: list[Triple] = []
    exact = decoded.exact
    for said in decoded.said:
        again = _statements(plan, tree, node, said, said_by[said])
        claimed.extend(again)
        exact = exact and bool(again)
    left = [term for said in decoded.left for term in said_by[said]]
    return decoded._replace(exact=exact, left=left), claimed


def _named(plan: Property, tree: Tree, term: Node) -> Node:
    """The term that the codec reads: a concept or a literal itself, for any other node its label."""
    if isinstance(term, Literal) or (isinstance(term, NamedNode) and not plan.codec.decode((term,)).left):
        return term
    labels = [label for label in tree.about(term).get(LABEL, ()) if isinstance(label, Literal)]
    return min(labels, key=str, default=term)


def _statements(plan: Property, tree: Tree, node: Subject, said: Node, sources: Sequence[Node]) -> Sequence[Triple]:
    """What we would write, where the record says just that; else nothing."""
    source = sources[0]
    link = Triple(node, plan.predicate, source)
    if len(sources) > 1:
        return ()
    if not isinstance(said, Literal):
        return (link,)
    if plan.otherwise is None or not isinstance(source, BlankNode) or tree.is_shared(source):
        return ()
    about = tree.about(source)
    ours = about.get(TYPE) == [plan.otherwise] and about.get(LABEL) == [said] and tree.size(source) == 2
    return (link, *labelled(source, plan.otherwise, said)) if ours else ()
