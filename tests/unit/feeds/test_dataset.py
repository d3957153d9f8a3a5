"""The RDF of one dataset."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, parse, serialize
from pyoxigraph import Dataset as Quads
from rdflib.compare import isomorphic

from ckanext.citizendata.core.terms import ADMS, CDATA, DCT, EU_DATASET_STATUS
from ckanext.citizendata.feeds.dataset import dataset_rendered, fragment_rendered, grave_rendered
from ckanext.citizendata.feeds.face import FACES, RDF_XML, TURTLE, face_from_suffix

RDFLIB = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "n3": "n3"}
ODD = (
    f'<{{iri}}> {DCT.title} "quote \\" backslash \\\\ tab\\t line\\n end"@en .\n'
    f'<{{iri}}> {DCT.title} "carriage\\r\\nreturn" .\n'
    f'<{{iri}}> {DCT.title} "]]> <b>&amp;</b> \\"\\"\\" @prefix" .\n'
    f'<{{iri}}> {DCT.title} "\U0001f4a7 \u0645\u0627\u0621 \u200f"@ar .\n'
    f'<{{iri}}> {DCT.extent} "007"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    f'<{{iri}}> {DCT.extent} "not a date"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    f'<{{iri}}> {DCT.extent} "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    f"<{{iri}}> {DCT.relation} <http://example.org/%20a?b=c&d=e#f> .\n"
    f"<{{iri}}> <http://example.org/terms/été> _:b0 .\n"
)


def canonical(data, face):
    quads = Quads(parse(data, format=face.format))
    quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(quads)


def rdflib_graph(text, form):
    return rdflib.Graph().parse(data=text, format=form)


class TestHazard:
    @pytest.mark.parametrize("iri", ["javascript:alert(1)", "https://data.example.org/{id}"])
    def test_no_file_names_it(self, dataset, grave, iri):
        """Neither as the topic of a listing nor of a tombstone."""
        assert iri.encode() not in dataset_rendered(replace(dataset(1), iri=iri), TURTLE).body
        assert iri.encode() not in grave_rendered(replace(grave, iri=iri), TURTLE).body


class TestDatasetRendered:
    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    def test_two_parsers_read_every_face(self, dataset, face):
        """rdflib and pyoxigraph find the same statements in each face as in N-Triples."""
        entry = dataset(1, more=ODD)
        plain = dataset_rendered(entry, face_from_suffix("nt")).body
        body = dataset_rendered(entry, face).body
        assert canonical(body, face) == canonical(plain, face_from_suffix("nt"))
        assert isomorphic(rdflib_graph(plain, "nt"), rdflib_graph(body, RDFLIB[face.suffix]))

    def test_only_the_record_is_added(self, dataset):
        """Without this site's catalogue record it is the fragment."""
        entry = dataset(1, more=ODD)
        record = NamedNode(entry.record)
        rest = [
            quad for quad in parse(dataset_rendered(entry, TURTLE).body, format=TURTLE.format) if quad.subject != record
        ]
        assert canonical(serialize((quad.triple for quad in rest), format=TURTLE.format), TURTLE) == canonical(
            entry.fragment.encode(), face_from_suffix("nt")
        )

    def test_a_person_can_read_it(self, dataset):
        """Turtle uses prefixes, and only those that it needs."""
        text = dataset_rendered(dataset(1), TURTLE).body.decode()
        assert 'dct:title "Water points 1"@en' in text
        assert "@prefix dcat:" in text
        assert "@prefix qb:" not in text

    def test_xml_leaves_out_what_it_cannot_say(self, dataset):
        """A control character costs one statement of RDF/XML and nothing else."""
        entry = dataset(1, more=f'<{{iri}}> {DCT.title} "bell\\u0007" .\n')
        rendering = dataset_rendered(entry, RDF_XML)
        assert rendering.withheld == 1
        assert (
            len(rdflib_graph(rendering.body, "xml"))
            == len(rdflib_graph(dataset_rendered(entry, TURTLE).body, "turtle")) - 1
        )


class TestFragmentRendered:
    def test_no_record(self, dataset):
        """What isn't listed for everyone has no catalogue record."""
        assert b"CatalogRecord" not in fragment_rendered(dataset(1), TURTLE).body


class TestGraveRendered:
    def test_says_nothing_else(self, grave):
        """A tombstone is five statements about this site's record, and what the EU calls the state."""
        found = [quad.triple for quad in parse(grave_rendered(grave, TURTLE).body, format=TURTLE.format)]
        found = [triple for triple in found if triple.subject != EU_DATASET_STATUS.WITHDRAWN]
        assert {triple.subject for triple in found} == {NamedNode(grave.record)}
        assert len(found) == 5
        assert {triple.object for triple in found if triple.predicate == ADMS.status} == {EU_DATASET_STATUS.WITHDRAWN}
        assert {triple.object.value for triple in found if triple.predicate == CDATA.tombstone} == {
            "https://w3id.org/citizen-data/vocabulary/tombstone/withdrawn"
        }
