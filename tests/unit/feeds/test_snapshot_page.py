"""What a page of a snapshot says of one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

import pytest
import rdflib
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from ckanext.citizendata.core.terms import DCAT, RDF
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.snapshot_page import Unsayable, record_text, texts_on

Make = Callable[..., Dataset]
DAY = datetime(2024, 7, 2, 9, tzinfo=timezone.utc)
GRAVE = Grave("https://data.example.org/dataset/9", "https://data.example.org/record/9", "withdrawn", DAY)


class TestRecordText:
    def test_graph(self, dataset: Make) -> None:
        """All is said in a graph that goes by the catalogue record: of the record and of its dataset."""
        quads = [*parse(record_text(dataset()).text, format=RdfFormat.N_QUADS)]
        assert {quad.graph_name for quad in quads} == {NamedNode("https://data.example.org/record/1")}
        classes = {(quad.subject, quad.object) for quad in quads if quad.predicate == RDF.type}
        assert (NamedNode("https://data.example.org/record/1"), DCAT.CatalogRecord) in classes
        assert (NamedNode("https://data.example.org/dataset/1"), DCAT.Dataset) in classes

    def test_labels(self, dataset: Make) -> None:
        """No blank node of one record goes by a label of another's, whatever both call theirs."""
        labels = [
            {quad.subject.value for quad in _quads(record_text(dataset(number))) if isinstance(quad.subject, BlankNode)}
            for number in (1, 2)
        ]
        assert all(labels)
        assert not labels[0] & labels[1]

    def test_second_parser(self, dataset: Make) -> None:
        """rdflib reads as many statements."""
        text = record_text(dataset()).text
        found = rdflib.Dataset().parse(data=text, format="nquads")
        assert len([*found.quads()]) == len(text.splitlines())

    def test_of_its_listing_the_dataset_says_nothing(self, dataset: Make) -> None:
        """Else it could pass itself off as gone, or as listed elsewhere."""
        plain = dataset()
        more = f'<{plain.record}> <https://w3id.org/citizen-data/ns#tombstone> "withdrawn" .\n'
        assert record_text(replace(plain, fragment=plain.fragment + more)) == record_text(plain)

    def test_grave(self) -> None:
        """A tombstone is one, and says nothing of a dataset."""
        found = record_text(GRAVE)
        assert found.is_grave
        assert b"http://www.w3.org/ns/dcat#Dataset" not in found.text

    @pytest.mark.parametrize(
        "broken",
        [
            {"fragment": "<https://data.example.org/dataset/1> <https://x.example/p> nonsense .\n"},
            {"fragment": "no RDF at all"},
            {"iri": "javascript:alert(1)"},
            {"iri": "https://data.example.org/data set"},
        ],
    )
    def test_poison(self, dataset: Make, broken: dict[str, str]) -> None:
        """A record that can't be read, or that goes by a hazard, is said to be so."""
        with pytest.raises(Unsayable):
            record_text(replace(dataset(), **broken))  # type: ignore[arg-type]

    def test_hazards(self, dataset: Make) -> None:
        """Statements that would harm a reader are left out, and the record stays."""
        harm = "<{iri}> <http://www.w3.org/ns/dcat#landingPage> <javascript:alert(1)> .\n"
        assert record_text(dataset(1, harm)).text == record_text(dataset(1)).text


class TestTextsOn:
    def test_there_and_back(self, dataset: Make) -> None:
        """Each record comes out of a page byte for byte as it went in."""
        texts = [record_text(dataset(1)), record_text(GRAVE), record_text(dataset(2, '<{iri}> <x:y> "a\\nb > ." .\n'))]
        found = texts_on(b"".join(each.text for each in texts))
        assert found == {each.record: each for each in texts}

    def test_empty(self) -> None:
        """A page without records has none."""
        assert texts_on(b"") == {}


def _quads(text: object) -> list:
    return [*parse(text.text, format=RdfFormat.N_QUADS)]  # type: ignore[attr-defined]
