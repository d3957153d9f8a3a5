"""Lasting IRIs for datasets that their source left without one."""

from __future__ import annotations

from hashlib import sha256

from pyoxigraph import Literal, NamedNode

from ckanext.citizendata.core.graph import Index, Subject
from ckanext.citizendata.core.terms import DCAT, DCT, FOAF

__all__ = ["GENID", "is_minted", "minted_iri"]

# RDF 1.1 Concepts §3.5: the path by which everybody can see that an IRI stands for a blank node.
GENID = "/.well-known/genid/"


def is_minted(iri: str) -> bool:
    """Whether `iri` stands for a blank node that a registry gave a name."""
    return GENID in iri


def minted_iri(index: Index, root: Subject, mint: str) -> NamedNode | None:
    """`mint` and a hash of what tells the dataset apart: identifier, else landing page, else titles and publisher.

    None where it has none of them.
    """
    for name, key in (
        ("identifier", _first(index, root, DCT.identifier)),
        ("page", _first(index, root, DCAT.landingPage)),
    ):
        if key:
            return _iri(mint, name, key)
    titles = [str(title) for title in index.objects(root, DCT.title)]
    return _iri(mint, "title", *titles, *_publishers(index, root)) if titles else None


def _first(index: Index, root: Subject, predicate: NamedNode) -> str | None:
    texts = (node.value.strip() for node in index.objects(root, predicate) if isinstance(node, (NamedNode, Literal)))
    return next((text for text in texts if text), None)


def _publishers(index: Index, root: Subject) -> list[str]:
    names: list[str] = []
    for publisher in index.objects(root, DCT.publisher):
        if isinstance(publisher, (NamedNode, Literal)):
            names.append(publisher.value)
        else:
            names += (str(name) for name in index.objects(publisher, FOAF.name))
    return sorted(names)


def _iri(mint: str, *parts: str) -> NamedNode:
    return NamedNode(mint + sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32])
