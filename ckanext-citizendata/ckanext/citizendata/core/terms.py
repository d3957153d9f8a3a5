"""The names of RDF: one `Namespace` per vocabulary in use, and `node`, which reads a CURIE of a schema file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pyoxigraph import NamedNode

__all__ = [
    "ADMS",
    "CDATA",
    "CSVW",
    "DCAT",
    "DCATAP",
    "DCT",
    "DPV",
    "DQV",
    "EU",
    "EU_DATASET_STATUS",
    "EU_LANGUAGE",
    "FOAF",
    "GEO",
    "HDCAT",
    "HYDRA",
    "LOCN",
    "OA",
    "ODRL",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "QB",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SDG",
    "SKOS",
    "SPDX",
    "STAT",
    "TIME",
    "VCARD",
    "VOCABULARY",
    "XSD",
    "Namespace",
    "node",
]

# IRIs without "//" taken as such; any other "word:rest" must be a CURIE, so that a typo in a prefix is an error.
PLAIN_SCHEMES = ("urn:", "mailto:", "tel:", "did:", "info:", "ark:")


class Namespace:
    """The names under one IRI: `DCT.title` and `DCT["title"]` are the same `NamedNode`.

    Not a `str`, so that no method of `str` hides a term (`DCT.title`, `DCT.format`).
    """

    __slots__ = ("_iri",)

    def __init__(self, iri: str) -> None:
        self._iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return NamedNode(self._iri + name)

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self._iri + name)

    def __contains__(self, term: object) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._iri)

    def __str__(self) -> str:
        return self._iri

    def __repr__(self) -> str:
        return f"Namespace({self._iri!r})"


ADMS = Namespace("http://www.w3.org/ns/adms#")
CDATA = Namespace("https://w3id.org/citizen-data/ns#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = Namespace("http://purl.org/dc/terms/")
DPV = Namespace("https://w3id.org/dpv#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
HDCAT = Namespace("http://healthdataportal.eu/ns/health#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
OA = Namespace("http://www.w3.org/ns/oa#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
ORG = Namespace("http://www.w3.org/ns/org#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
QB = Namespace("http://purl.org/linked-data/cube#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
# http, as in ckanext-dcat and in schema.org's own JSON-LD context.
SCHEMA = Namespace("http://schema.org/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
# StatDCAT-AP: the terms that the application profile writes `stat:` live in the m8g namespace.
STAT = Namespace("http://data.europa.eu/m8g/")
TIME = Namespace("http://www.w3.org/2006/time#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

SDG = Namespace("http://metadata.un.org/sdg/")
VOCABULARY = Namespace("https://w3id.org/citizen-data/vocabulary/")
EU = Namespace("http://publications.europa.eu/resource/authority/")
EU_DATASET_STATUS = Namespace(f"{EU}dataset-status/")
EU_LANGUAGE = Namespace(f"{EU}language/")

PREFIXES: Mapping[str, Namespace] = MappingProxyType(
    {
        "adms": ADMS,
        "cdata": CDATA,
        "csvw": CSVW,
        "dcat": DCAT,
        "dcatap": DCATAP,
        "dct": DCT,
        "dpv": DPV,
        "dqv": DQV,
        "eu": EU,
        "foaf": FOAF,
        "geo": GEO,
        "hdcat": HDCAT,
        "hydra": HYDRA,
        "locn": LOCN,
        "oa": OA,
        "odrl": ODRL,
        "org": ORG,
        "owl": OWL,
        "prov": PROV,
        "qb": QB,
        "rdf": RDF,
        "rdfs": RDFS,
        "schema": SCHEMA,
        "sdg": SDG,
        "skos": SKOS,
        "spdx": SPDX,
        "stat": STAT,
        "time": TIME,
        "vcard": VCARD,
        "xsd": XSD,
    }
)


def node(text: str) -> NamedNode:
    """The node that a CURIE (`dct:title`) or an absolute IRI names.

    Raises `ValueError` with the text for an unknown prefix, a relative IRI and a malformed one.
    """
    prefix, colon, name = text.partition(":")
    namespace = PREFIXES.get(prefix)
    if namespace is not None and colon and not name.startswith("//"):
        return _named(f"{namespace}{name}", text)
    if "://" in text or text.startswith(PLAIN_SCHEMES):
        return _named(text, text)
    raise ValueError(f"{text!r} is neither a name with a known prefix nor an absolute IRI")


def _named(iri: str, text: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a well-formed IRI: {error}") from error
