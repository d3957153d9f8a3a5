"""What is served of made-up records, of the samples and of poisoned ones says what the records say, in every face."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib.namespace import SH

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Agent, Subject, fragment_from_package
from ckanext.citizendata.core.terms import DCT
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.local.samples import records
from tests.generation.shapes import SHAPES
from tests.generation.snapshots import FACES, MadeSnapshot, entry_of, failures, made_up

# In CI; `bin/bench roundtrip --snapshots` has as many as one likes.
RECORDS = int(os.environ.get("CITIZENDATA_ROUND_TRIPS", "500"))
SHOWN_TO_SHAPES = 40
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATASET = NamedNode("http://www.w3.org/ns/dcat#Dataset")
POISON = {
    "space": "<{iri}> <http://purl.org/dc/terms/relation> <https://x.example.org/a b> .\n",
    "line break": "<{iri}> <http://purl.org/dc/terms/relation> <https://x.example.org/a\\u000Ab> .\n",
    "language": '<{iri}> <http://purl.org/dc/terms/title> "Bad"@abcdefghijklm .\n',
    "huge": '<{iri}> <http://purl.org/dc/terms/description> "' + "huge " * 40_000 + '"@en .\n',
    "outside XML": '<{iri}> <http://purl.org/dc/terms/title> "bell \\u0007 \\uFFFE"@en .\n',
    "script": "<{iri}> <http://www.w3.org/ns/dcat#landingPage> <javascript:alert(1)> .\n",
    "no N-Triples": "this says nothing .\n",
}


def plain(number: int) -> Dataset:
    """A record of a few statements."""
    iri = f"https://node.example/dataset/{number}"
    return entry_of(number, iri, f'<{iri}> {TYPE} {DATASET} .\n<{iri}> {DCT.title} "Water points {number}"@en .\n')


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib otherwise writes 1.0 for 1.00, and counts both once."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def test_made_up_records_come_out_as_they_are(tmp_path: Path) -> None:
    """Read by two parsers, from the pages of the protocol and of the catalogue."""
    assert [*failures(tmp_path, made_up(range(RECORDS)))] == []


def test_samples_come_out_as_they_are(tmp_path: Path) -> None:
    """The records of the demo, with their organisations."""
    entries = []
    for number, sample in enumerate(records()):
        iri = f"https://node.example/dataset/{number}"
        subject = Subject(iri, Agent("https://node.example/organization/1", "An organisation"))
        entries.append(entry_of(number, iri, fragment_from_package(load().public, sample.package, subject)))
    assert [*failures(tmp_path, entries)] == []


def test_a_page_passes_the_shapes_that_its_records_pass(tmp_path: Path) -> None:
    """The shapes of DCAT-AP, on the whole page with what the catalogue says of itself."""
    snapshot = MadeSnapshot(tmp_path, made_up(range(SHOWN_TO_SHAPES)))
    page = rdflib.Graph().parse(data=snapshot.face(1, "ttl").body, format="turtle")
    shapes = rdflib.Graph().parse(SHAPES.with_name("dcat-ap.shapes.ttl"), format="turtle")
    _, report, text = pyshacl.validate(page, shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph)
    # What a result has as its detail is no result of its own.
    results = [*report.objects(None, SH.result)]
    assert results
    assert not [each for each in results if (each, SH.resultSeverity, SH.Violation) in report], text


@pytest.mark.parametrize("place", [0, 95], ids=str)
def test_poison_spoils_no_page(tmp_path: Path, place: int) -> None:
    """Each kind in a record of its own, one of a hundred: all others are in every face, read by two parsers."""
    entries = [plain(number) for number in range(100)]
    bad = {}
    for number, (name, statement) in enumerate(POISON.items()):
        entry = entries[(place + number) % 100]
        bad[entry.iri] = name
        entries[(place + number) % 100] = replace(entry, fragment=entry.fragment + statement.format(iri=entry.iri))
    healthy = {entry.iri for entry in entries} - bad.keys()

    snapshot = MadeSnapshot(tmp_path, entries)

    assert [bad[iri] for iri in snapshot.unsayable] == ["no N-Triples"]
    for suffix, (form, name) in FACES.items():
        served = snapshot.face(1, suffix)
        found = {quad.triple for quad in parse(served.body, format=form)}
        listed = {triple.subject.value for triple in found if (triple.predicate, triple.object) == (TYPE, DATASET)}
        assert healthy <= listed
        assert healthy | bad.keys() - {iri for iri, kind in bad.items() if kind == "no N-Triples"} == listed
        assert len(rdflib.Graph().parse(data=served.body, format=name)) == len(found)
    assert len({quad.graph_name for quad in parse(snapshot.quads(1), format=RdfFormat.N_QUADS)}) == len(listed)
