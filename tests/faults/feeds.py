"""Feeds as other people write them: Turtle from a few words."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["PREFIXES", "catalogue", "dataset", "iris", "listing", "paged", "record_of", "tombstone"]

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
WITHDRAWN = "<http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN>"
VOCABULARY = "https://w3id.org/citizen-data/vocabulary"
HEAD = "<https://node.example.org/> a dcat:Catalog .\n"


def catalogue(*parts: str) -> bytes:
    """A whole page with these statements."""
    return (PREFIXES + HEAD + "".join(parts)).encode()


def dataset(iri: str, title: str, more: str = "") -> str:
    """A dataset; `more` are further statements, which end with a full stop."""
    return f'<{iri}> a dcat:Dataset ; dct:title "{title}"@en ; dct:description "About {title}."@en . {more}\n'


def listing(iri: str, modified: str, audience: str = "everyone") -> str:
    """The catalogue record of a dataset."""
    said = f'dct:modified "{modified}"^^xsd:dateTime ; cdata:audience <{VOCABULARY}/audience/{audience}>'
    return f"<{record_of(iri)}> a dcat:CatalogRecord ; foaf:primaryTopic <{iri}> ; {said} .\n"


def tombstone(iri: str, modified: str, kind: str = "withdrawn") -> str:
    """What stands in a feed in place of a dataset that was taken back."""
    said = f'dct:modified "{modified}"^^xsd:dateTime ; cdata:tombstone <{VOCABULARY}/tombstone/{kind}>'
    about = f"foaf:primaryTopic <{iri}> ; adms:status {WITHDRAWN}"
    return f"<{record_of(iri)}> a dcat:CatalogRecord ; {about} ; {said} .\n"


def record_of(iri: str) -> str:
    """The address of the catalogue record of a dataset."""
    return f"{iri}#record"


def iris(prefix: str, number: int) -> list[str]:
    """So many addresses below a prefix."""
    return [f"{prefix}dataset/{each:04}" for each in range(number)]


def paged(datasets: Iterable[str], following: str = "", total: int = 0) -> bytes:
    """One page of a feed, with the address of the next and how many datasets there are in all, where given."""
    links = [f"<> hydra:next <{following}> .\n"] if following else []
    claim = [f"<> hydra:totalItems {total} .\n"] if total else []
    return catalogue(*claim, *datasets, *links)
