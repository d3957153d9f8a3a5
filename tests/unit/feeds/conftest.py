"""Entries to render."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from ckanext.citizendata.feeds.entry import Agent, CatalogueHead, Dataset, Grave
from ckanext.citizendata.feeds.paging import Page

SITE = "https://data.example.org"
MORE = ""

FRAGMENT = """\
<{iri}/resource/1> <http://purl.org/dc/terms/title> "Tables"@en .
<{iri}/resource/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Distribution> .
<{iri}> <http://purl.org/dc/terms/description> "Who has water, and who hasn't."@en .
<{iri}> <http://purl.org/dc/terms/temporal> _:b0 .
<{iri}> <http://purl.org/dc/terms/title> "Water points {number}"@en .
<{iri}> <http://purl.org/dc/terms/title> "Points d'eau {number}"@fr-SN .
<{iri}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .
<{iri}> <http://www.w3.org/ns/dcat#distribution> <{iri}/resource/1> .
_:b0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/dc/terms/PeriodOfTime> .
_:b0 <http://www.w3.org/ns/dcat#startDate> "2023-0{digit}"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> .
"""


@pytest.fixture
def dataset() -> Callable[..., Dataset]:
    def make(number: int = 1, more: str = MORE) -> Dataset:
        iri = f"{SITE}/dataset/{number}"
        fragment = FRAGMENT.format(iri=iri, number=number, digit=1 + number % 9) + more.format(iri=iri)
        day = datetime(2024, 5, 1, 12, 30, tzinfo=timezone.utc)
        return Dataset(iri, f"{SITE}/record/{number}", fragment, day, day.replace(month=6))

    return make


@pytest.fixture
def grave() -> Grave:
    return Grave(f"{SITE}/dataset/9", f"{SITE}/record/9", "withdrawn", datetime(2024, 7, 2, tzinfo=timezone.utc))


@pytest.fixture
def head() -> CatalogueHead:
    publisher = Agent(f"{SITE}/catalog#publisher", "A council of communities", "https://council.example.org/")
    languages = ("http://publications.europa.eu/resource/authority/language/ENG",)
    licence = "http://publications.europa.eu/resource/authority/licence/CC0"
    return CatalogueHead(
        f"{SITE}/catalog",
        {"en": "Citizen data"},
        {"en": "What communities count."},
        publisher,
        SITE,
        languages,
        licence,
    )


@pytest.fixture
def page() -> Page:
    return Page(2, 100, 350, f"{SITE}/catalog.ttl")
