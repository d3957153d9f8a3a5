"""Lasting IRIs for datasets that their source left without one."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from ckanext.citizendata.core.terms import DCAT, DCT, FOAF
from ckanext.citizendata.core.tokens import Token, is_blank, token, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = ["GENID", "NAME", "PUBLISHER", "TOLD_BY", "covers", "derived_id", "is_minted", "minted_iri", "normalised"]

# RDF 1.1 Concepts §3.5: the path by which everybody can see that an IRI stands for a blank node.
GENID = "/.well-known/genid/"
IDENTIFIER, PAGE = token(DCT.identifier), token(DCAT.landingPage)
TITLE, PUBLISHER, NAME = token(DCT.title), token(DCT.publisher), token(FOAF.name)
# By what a dataset without an IRI is told, with the names of publishers that have none either.
TOLD_BY = (IDENTIFIER, PAGE, TITLE, PUBLISHER)
# What is normal as it is; nearly every address is.
NORMAL = re.compile(r"https?://[a-z0-9\-]+(?:\.[a-z0-9\-]+)*/[!\"$->@-~]*")
DEFAULT_PORTS = {"http": 80, "https": 443}


def is_minted(iri: str) -> bool:
    """Whether `iri` stands for a blank node that a registry gave a name."""
    return GENID in iri


def derived_id(member_id: str, iri: str) -> str:
    """The id of the package that shows a member's record: the same at each attempt, also after one that broke off."""
    return str(uuid5(NAMESPACE_URL, f"{member_id}\x1f{iri}"))


def normalised(iri: str) -> str:
    """The address as every server reads it (RFC 3986 §6.2): scheme and host in lower case, no default port, a path.

    Names of people before the host are left out; what is no address of a server comes back with its scheme lowered.
    """
    if NORMAL.fullmatch(iri):
        return iri
    try:
        parts = urlsplit(iri)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return iri
    if not host:
        scheme, colon, rest = iri.partition(":")
        return scheme.lower() + colon + rest
    host = f"[{host}]" if ":" in host else host
    at = "" if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    return parts._replace(netloc=host + at, path=parts.path or "/").geturl()


def covers(prefix: str, iri: str) -> bool:
    """Whether the address is the prefix or lies below it; both as `normalised` gives them."""
    stem = prefix.removesuffix("/")
    if not iri.startswith(stem):
        return False
    rest = iri[len(stem) :]
    is_open = stem == prefix and not stem[-1:].isalnum()
    return not rest or rest[0] in "/?#" or is_open or ("://" not in stem and rest[0] == ":")


def minted_iri(tree: Tree, root: Token, mint: str) -> str | None:
    """`mint` and a hash of what tells the dataset apart: identifier, else landing page, else titles and publisher.

    None where it has none of them.
    """
    for name, key in (("identifier", _first(tree, root, IDENTIFIER)), ("page", _first(tree, root, PAGE))):
        if key:
            return _iri(mint, name, key)
    titles = tree.objects(root, TITLE)
    return _iri(mint, "title", *titles, *_publishers(tree, root)) if titles else None


def _first(tree: Tree, root: Token, predicate: Token) -> str | None:
    texts = (value_of(node).strip() for node in tree.objects(root, predicate) if not is_blank(node))
    return next((text for text in texts if text), None)


def _publishers(tree: Tree, root: Token) -> list[str]:
    names: list[str] = []
    for publisher in tree.objects(root, PUBLISHER):
        names += tree.objects(publisher, NAME) if is_blank(publisher) else [value_of(publisher)]
    return sorted(names)


def _iri(mint: str, *parts: str) -> str:
    return mint + sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
