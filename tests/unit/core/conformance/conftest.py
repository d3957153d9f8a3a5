"""A small schema with a field of every kind, so that what is expected stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import check_package, check_value
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.schema_reading import schema_from_dict
from ckanext.citizendata.core.vocabulary import vocabulary_from_turtle

LISTS = {
    "place": """
        @prefix : <https://example.org/place/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix dct: <http://purl.org/dc/terms/> . @prefix cdata: <https://w3id.org/citizen-data/ns#> .
        :scheme a skos:ConceptScheme ; dct:title "Places"@en .
        :KEN a skos:Concept ; skos:inScheme :scheme ; skos:notation "KEN" ; skos:prefLabel "Kenya"@en, "Kenia"@es .
        :UGA a skos:Concept ; skos:inScheme :scheme ; skos:notation "UGA" ; skos:prefLabel "Uganda"@en .
        :OLD a skos:Concept ; skos:inScheme :scheme ; skos:notation "OLD" ; skos:prefLabel "Old Kenya"@en ;
            dct:isReplacedBy :KEN .
        :unknown a skos:Concept ; skos:inScheme :scheme ; skos:notation "unknown" ; skos:prefLabel "Not known"@en .
    """,
    "lc-label": """
        @prefix : <https://example.org/label/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        :scheme a skos:ConceptScheme .
        :tk a skos:Concept ; skos:inScheme :scheme ; skos:notation "tk" ; skos:prefLabel "TK"@en .
    """,
}


def part(name: str, preset: str, **keys: Any) -> dict[str, Any]:
    """The block of a field without a place in the form."""
    return {"field_name": name, "preset": f"citizendata_{preset}", "label": {"en": name.title()}, **keys}


def field(name: str, preset: str, **keys: Any) -> dict[str, Any]:
    """The block of a field of the dataset."""
    place = {"section": "about", "obligation": "optional", "cardinality": "one", "safety_class": "open"}
    return {**place, **part(name, preset), **keys}


NUMBER = {"predicate": "dct:extent", "shape": "literal", "datatype": "xsd:nonNegativeInteger"}
DOCUMENT = {
    "dataset_type": "dataset",
    "sections": [{"name": "about", "label": {"en": "About"}}],
    "dataset_fields": [
        field("title", "text", max_length=20, label={"en": "Title", "es": "Título"}),
        field("note", "line"),
        field("keyword", "keywords", max_length=10),
        field("place", "codes", vocabulary="place", cardinality="many"),
        field("home", "code", vocabulary="place"),
        field("day", "date"),
        field("mail", "email"),
        field("phone", "phone"),
        field("page", "url"),
        field("pages", "urls", pattern="https://example\\.org/.*", help_text={"en": "A page of example.org."}),
        field("names", "lines"),
        field("area", "geometry"),
        field("youngest", "integer", maximum=130, rdf=NUMBER),
        field("oldest", "integer", maximum=130, not_below="youngest", rdf=NUMBER),
        field("rate", "decimal", minimum=0),
        field("shift", "decimal"),
        field("code", "line", pattern="[A-Z]{3}"),
        field(
            "contact",
            "rows",
            at_least_one_of=["mail", "phone"],
            in_order=["start", "end"],
            at_most=2,
            repeating_subfields=[
                part("name", "line", needed=True),
                part("mail", "email"),
                part("phone", "phone"),
                part("start", "date"),
                part("end", "date"),
                part("home", "code", vocabulary="place"),
            ],
        ),
        field("quick", "line", obligation="quick"),
        field("safety", "code", obligation="safety", vocabulary="place"),
        field("mandatory", "code", obligation="mandatory", vocabulary="place"),
        field("reason", "line", required_when={"home": ["UGA"], "contact.home": ["UGA"], "elsewhere": ["x"]}),
        field("total", "integer", obligation="derived"),
        field("label", "rows", obligation="derived", repeating_subfields=[part("tk", "code", vocabulary="lc-label")]),
    ],
    "resource_fields": [
        {
            "field_name": "url",
            "label": {"en": "Address"},
            "needed": True,
            "rdf": {"predicate": "dcat:accessURL", "shape": "iri"},
        },
        part("format", "format", vocabulary="place"),
        part("mimetype", "media_type", pattern="[a-z]+/[a-z]+"),
        part("uri", "derived", rdf={"node": True}),
    ],
    "resource_rdf": {"predicate": "dcat:distribution", "shape": "node", "class": "dcat:Distribution"},
}
MODEL = Model(schema_from_dict(DOCUMENT), {name: vocabulary_from_turtle(name, text) for name, text in LISTS.items()})
# A package in which nothing is wrong.
ANSWERED = {"quick": "Yes", "safety": "KEN", "mandatory": "KEN"}

Check = Callable[[str, Any], list[tuple[str, str]]]


@pytest.fixture(scope="session")
def model() -> Model:
    """The small schema with its lists."""
    return MODEL


def found(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Where, and what."""
    return [(problem.path, problem.code) for problem in problems]


@pytest.fixture
def value() -> Check:
    """Checks a value of a field of the small schema."""
    return lambda name, written: found(check_value(MODEL, named(name), written))


@pytest.fixture
def package() -> Callable[..., list[tuple[str, str]]]:
    """Checks a package in which only the given fields differ from one with nothing wrong."""
    return lambda **fields: found(check_package(MODEL, {**ANSWERED, **fields}))


def named(name: str) -> Field:
    """The field of that name."""
    return next(field for field in MODEL.schema.fields if field.name == name)
