"""Heads, bodies and ends of the catalogue's pages."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Quad, parse
from pyoxigraph import Dataset as Quads

from ckanext.citizendata.feeds.catalogue import catalogue_rendered, statements_beside, statements_of_head
from ckanext.citizendata.feeds.face import FACES
from ckanext.citizendata.feeds.merged import merged
from ckanext.citizendata.feeds.paging import SnapshotPage
from ckanext.citizendata.feeds.splicing import body_in, end_in, head_in

from ...snapshots import page_of

RDFLIB = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "n3": "turtle"}
NAME = "ab" * 32
# A shared agent, named differently, with a blank node of its own.
AGENT = (
    "<{iri}> <http://purl.org/dc/terms/publisher> <https://agents.example.org/a> .\n"
    '<https://agents.example.org/a> <http://xmlns.com/foaf/0.1/name> "As {iri} says" .\n'
    "<https://agents.example.org/a> <http://www.w3.org/ns/dcat#contactPoint> _:c .\n"
    '_:c <http://xmlns.com/foaf/0.1/phone> "{iri}" .\n'
    '<{iri}> <https://strange.example.org/ns#says> "a\\nb & <c> \\"d\\"" .\n'
)


@pytest.fixture
def place():
    return SnapshotPage(2, 4, 100, 350, "https://data.example.org/snapshot/42", "ttl")


def canonical(body, face):
    quads = Quads(Quad(*quad.triple) for quad in parse(body, format=face.format))
    quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(quads)


def document(head, place, page, face):
    start = head_in(statements_beside(statements_of_head(head), head.iri, place), face)
    return start + body_in(merged(head.iri, NAME, page).statements, face).body + end_in(face)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
class TestDocument:
    def test_as_rendered_at_once(self, head, place, dataset, grave, face):
        """The parts are one document, for two parsers, which says what the rendering of the whole says."""
        entries = [dataset(1, AGENT), grave, dataset(2, AGENT), dataset(3)]
        whole = document(head, place, page_of(*entries), face)
        at_once = catalogue_rendered(head, place, entries, face).body
        assert canonical(whole, face) == canonical(at_once, face)
        found = rdflib.Graph().parse(data=whole, format=RDFLIB[face.suffix])
        assert len(found) == len(canonical(whole, face))

    def test_empty_page(self, head, place, face):
        """A page without a record is a document too."""
        whole = document(head, place, "", face)
        assert canonical(whole, face) == canonical(catalogue_rendered(head, place, [], face).body, face)
        assert len(rdflib.Graph().parse(data=whole, format=RDFLIB[face.suffix]))

    @pytest.mark.usefixtures("place")
    def test_several_pages(self, head, dataset, face):
        """Bodies of several pages between one head and one end are one document, with blank nodes apart."""
        start = head_in(statements_of_head(head), face)
        pages = {"aa" * 32: page_of(dataset(1)), "bb" * 32: page_of(dataset(2)), "cc" * 32: ""}
        bodies = [body_in(merged(head.iri, name, page).statements, face).body for name, page in pages.items()]
        whole = canonical(start + b"".join(bodies) + end_in(face), face)
        both = page_of(dataset(1), dataset(2))
        expected = canonical(start + body_in(merged(head.iri, NAME, both).statements, face).body + end_in(face), face)
        assert whole == expected
