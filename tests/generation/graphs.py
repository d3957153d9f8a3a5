"""Fragments with statements of others among ours, such as other catalogues write."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, FOAF, OA, PROV, RDF, RDFS, SCHEMA, SKOS, VCARD, XSD
from ckanext.citizendata.core.tokens import Line, Token, is_literal, lines_of, text_of, token

from .packages import DATASET, maker

__all__ = ["foreign", "graphs", "renamed"]

D = f"<{DATASET}>"
PLACE = "<http://publications.europa.eu/resource/authority/country/KEN>"
# What others say, with `*` for a node of the record and `?` for a blank node of their own.
OTHERS: Sequence[tuple[str, Any, str]] = (
    (D, DCT.title, '"Another title"@en'),
    (D, DCT.title, f'"5"^^<{XSD.integer.value}>'),
    (D, DCT.issued, f'"2020-01-01T00:00:00"^^<{XSD.dateTime.value}>'),
    (D, DCT.issued, '"spring"'),
    (D, DCT.publisher, '"An office"'),
    (D, DCT.publisher, "?1"),
    (D, DCAT.contactPoint, "?1"),
    (D, DCT.creator, "?1"),
    ("?1", VCARD.fn, '"Shared"'),
    ("?1", FOAF.name, '"Shared"'),
    (D, DCT.temporal, "?2"),
    (D, DCT.temporal, '"last year"@en'),
    (D, DCT.spatial, "<https://places.example/1>"),
    (D, DCT.spatial, PLACE),
    (D, DCT.spatial, "?3"),
    ("?3", RDFS.label, '"Accra"'),
    ("?3", DCT.isPartOf, "?4"),
    ("?4", SKOS.broader, "?3"),
    (D, DCT.accessRights, '"PUBLIC"'),
    (D, DCT.language, "<https://lexvo.example/eng>"),
    (D, DCT.language, '"ENG"'),
    (D, DCAT.keyword, f'"7"^^<{XSD.integer.value}>'),
    (D, DCAT.theme, "<http://eurovoc.europa.eu/1>"),
    (D, SCHEMA.about, "?5"),
    ("?5", SCHEMA.about, "?5"),
    (D, PROV.wasGeneratedBy, "?6"),
    ("?6", DCT.type, "<https://w3id.org/citizen-data/vocabulary/engagement-stage/collection>"),
    ("?6", PROV.startedAtTime, f'"2020"^^<{XSD.gYear.value}>'),
    (D, PROV.qualifiedAttribution, "?7"),
    ("?7", DCAT.hadRole, "<https://w3id.org/citizen-data/vocabulary/agent-role/custodian>"),
    ("?7", DCT.type, f"<{CDATA.PartnerAttribution.value}>"),
    ("?7", PROV.agent, "*"),
    ("*", OA.motivatedBy, f"<{OA.assessing.value}>"),
    ("*", SCHEMA.comment, '"seen"'),
    ("*", FOAF.name, '"Nom"@fr'),
    ("*", FOAF.name, '"Another name"'),
    ("*", DCT.type, "<https://types.example/1>"),
    ("*", RDF.type, f"<{SKOS.Concept.value}>"),
    ("*", SKOS.inScheme, "<https://lists.example/1>"),
    (D, DCAT.distribution, "*"),
    (D, DCT.provenance, "*"),
    ("*", DCT.format, '"Own format 1"'),
    ("*", DCT.format, "*"),
    ("*", RDFS.label, '"Own format 2"'),
    ("*", DCAT.startDate, f'"2020-02"^^<{XSD.gYearMonth.value}>'),
    ("<https://other.example/d>", RDF.type, f"<{DCAT.Dataset.value}>"),
)


def graphs(model: Model) -> st.SearchStrategy[tuple[int, str]]:
    """Seeds with the fragment that each stands for."""
    return st.integers(0, 2**32 - 1).map(lambda seed: (seed, foreign(model, seed)))


def foreign(model: Model, seed: int) -> str:
    """A fragment of ours, some of it lost, with statements of others and other labels, as canonical N-Triples."""
    random = Random(seed)
    lines = sorted(lines_of(fragment_from_package(model, maker(model).package(seed), Subject(DATASET))))
    kept = random.sample(lines, random.choice((len(lines), len(lines), len(lines) * 3 // 4, len(lines) // 2)))
    nodes = sorted({line[0] for line in lines})
    added = [_said(random, nodes, line) for line in random.sample(OTHERS, 1 + int(random.random() * len(OTHERS)))]
    return renamed(random, text_of([*kept, *added]))


def _said(random: Random, nodes: Sequence[Token], line: tuple[str, Any, str]) -> Line:
    subject, predicate, target = line
    return _node(random, nodes, subject), token(predicate), _node(random, nodes, target)


def _node(random: Random, nodes: Sequence[Token], sign: str) -> Token:
    if sign == "*":
        return random.choice(nodes)
    return f"_:other{sign[1:]}" if sign[0] == "?" else sign


def renamed(random: Random, text: str) -> str:
    """The same statements with other labels of blank nodes, some of them those that we use ourselves."""
    lines = lines_of(text)
    blanks = sorted({node for line in lines for node in (line[0], line[2]) if node[0] == "_"})
    labels = random.sample(range(2 * len(blanks) + 1), len(blanks))
    names = {blank: f"_:{random.choice(('c', 'b'))}{label}" for blank, label in zip(blanks, labels, strict=True)}
    return text_of(
        (_renamed(subject, names), predicate, _renamed(target, names)) for subject, predicate, target in lines
    )


def _renamed(term: Token, names: dict[Token, Token]) -> Token:
    return term if is_literal(term) else names.get(term, term)
