"""The records of a page in one graph."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from ckanext.citizendata.core.terms import DCAT, FOAF, HYDRA
from ckanext.citizendata.feeds.merged import merged
from ckanext.citizendata.feeds.quads import listed_on, records_of_page

from ...snapshots import page_of

CATALOGUE = "https://data.example.org/catalog"
NAME = "ab" * 32
TITLE = "<http://purl.org/dc/terms/title>"


def listed(statements, predicate):
    return {each.object.value for each in statements if each.predicate == predicate}


def without_title(page, iri):
    return "".join(
        line for line in page.splitlines(keepends=True) if not (line.startswith(f"<{iri}> ") and TITLE in line)
    )


class TestMerged:
    def test_all(self, dataset, grave):
        """Datasets and tombstones are listed, and say what they say."""
        found = merged(CATALOGUE, NAME, page_of(dataset(1), grave, dataset(2)))
        assert listed(found.statements, DCAT.dataset) == {dataset(1).iri, dataset(2).iri}
        assert listed(found.statements, DCAT.record) == {dataset(1).record, grave.record, dataset(2).record}
        assert (found.withheld, found.problems) == (0, ())

    @pytest.mark.parametrize("title", ["", f'<{{iri}}> {TITLE} "" .\n', f'<{{iri}}> {TITLE} " \\n"@en .\n'])
    def test_without_title(self, dataset, title):
        """A record without a title that anybody can see stays out, and isn't counted."""
        page = without_title(page_of(dataset(1), dataset(2, title)), dataset(2).iri)
        page += title.format(iri=dataset(2).iri).replace(" .\n", f" <{dataset(2).record}> .\n")
        found = merged(CATALOGUE, NAME, page)
        assert listed(found.statements, DCAT.dataset) == {dataset(1).iri}
        assert dataset(2).record not in listed(found.statements, DCAT.record)
        assert listed_on(page) == 1

    def test_poison(self, dataset):
        """A record that no parser reads costs itself alone, and is told."""
        page = page_of(dataset(1), dataset(2), dataset(3)).replace('"Water points 2"', '"Water points 2')
        found = merged(CATALOGUE, NAME, page)
        assert listed(found.statements, DCAT.dataset) == {dataset(1).iri, dataset(3).iri}
        (problem,) = found.problems
        assert problem.path == dataset(2).record

    def test_hazards(self, dataset):
        """What would harm a reader is withheld and counted."""
        evil = "<{iri}> <http://www.w3.org/ns/dcat#landingPage> <javascript:alert(1)> .\n"
        found = merged(CATALOGUE, NAME, page_of(dataset(1, evil)))
        assert found.withheld == 1
        assert "javascript:alert(1)" not in listed(found.statements, DCAT.landingPage)

    def test_nobody_speaks_for_the_catalogue(self, dataset):
        """No record describes the catalogue, another's record, or the pages of a snapshot."""
        evil = "".join(
            f"<{subject}> <{HYDRA['next'].value}> <https://evil.example.org/> .\n"
            for subject in (
                CATALOGUE,
                f"{CATALOGUE}#publisher",
                dataset(2).record,
                f"{CATALOGUE[:-8]}/snapshot/4/2.ttl",
            )
        )
        found = merged(CATALOGUE, NAME, page_of(dataset(1, evil), dataset(2)))
        assert listed(found.statements, HYDRA["next"]) == set()

    def test_one_name(self, dataset):
        """Who is described by two records has the name that the first gives."""
        agent = '<https://a.example.org/> <http://xmlns.com/foaf/0.1/name> "Of {iri}" .\n'
        found = merged(CATALOGUE, NAME, page_of(dataset(1, agent), dataset(2, agent)))
        names = [each.object.value for each in found.statements if each.subject == NamedNode("https://a.example.org/")]
        assert names == [f"Of {dataset(1).iri}"]
        assert listed(found.statements, FOAF.name) == {f"Of {dataset(1).iri}"}

    def test_empty(self):
        """A page with nothing on it says nothing."""
        assert merged(CATALOGUE, NAME, "").statements == []


class TestRecords:
    def test_texts(self, dataset, grave):
        """Each record has its statements, as N-Triples."""
        (first, text), (second, _) = records_of_page(page_of(dataset(1), grave))
        assert (first, second) == (dataset(1).record, grave.record)
        assert f'<{dataset(1).iri}> {TITLE} "Water points 1"@en .\n' in text

    def test_listed(self, dataset, grave):
        """Datasets with a title and tombstones are counted."""
        assert listed_on(page_of(dataset(1), grave, dataset(2))) == 3
        assert listed_on("") == 0
