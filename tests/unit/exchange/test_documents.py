"""Files of every kind, told apart by what they hold."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.documents import Document, Source, Statements, document_from
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.spreadsheet import PlacedPackage, spreadsheet_from_packages
from ckanext.citizendata.exchange.text_formats import CONTEXTS

SUFFIXES = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}


def packed(name: str, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture
def read(model: Model) -> Any:
    def reading(name: str, content: bytes | str, content_type: str = "") -> Document:
        given = content.encode() if isinstance(content, str) else content
        return document_from(model, Source(name, given, "https://example.org/file", content_type))

    return reading


class TestRdf:
    @pytest.mark.parametrize("suffix", [*SUFFIXES, "unknown"])
    def test_is_read_in_each_serialisation(self, read: Any, ntriples: str, suffix: str) -> None:
        """By the name of the file, or by trying where that says nothing; all give the same record."""
        quads = list(parse(ntriples, format=RdfFormat.N_TRIPLES))
        content = serialize(quads, format=SUFFIXES.get(suffix, RdfFormat.N_QUADS))
        document = read(f"records.{suffix}", content)
        assert document.records == (read("records.nt", ntriples).records[0],)
        assert isinstance(document.records[0], Statements)
        assert document.records[0].iri == "https://data.example.org/dataset/1"

    def test_is_told_by_its_media_type(self, read: Any, ntriples: str) -> None:
        """An address on the web need not end in a suffix."""
        assert read("https://example.org/feed", ntriples, "application/n-triples; charset=utf-8").kind == "N-Triples"

    def test_is_unpacked(self, read: Any, ntriples: str) -> None:
        """Of gzip, within the limit."""
        assert read("records.nt.gz", gzip.compress(ntriples.encode())).records == read("records.nt", ntriples).records

    def test_with_a_slip_is_read_with_a_warning(self, read: Any, ntriples: str) -> None:
        """What a lenient parser understands."""
        slip = "<https://data.example.org/dataset/1> <http://xmlns.com/foaf/0.1/page> <https://example.org/a b> .\n"
        document = read("records.ttl", ntriples + slip)
        assert [problem.code for problem in document.problems] == ["imperfect_rdf"]

    def test_with_our_own_context_is_read(self, read: Any) -> None:
        """The context comes from the package; nothing is fetched."""
        text = {"@context": [CONTEXTS[0]], "id": "https://example.org/1", "type": "dcat:Dataset"}
        assert [each.iri for each in read("record.jsonld", json.dumps(text)).records] == ["https://example.org/1"]


class TestJson:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda package: package,
            lambda package: [package],
            lambda package: {"success": True, "result": package},
            lambda package: {"success": True, "result": {"count": 1, "results": [package]}},
        ],
    )
    def test_is_a_package_a_list_or_an_answer(self, read: Any, package: Mapping[str, Any], wrap: Any) -> None:
        """Of package_show or package_search."""
        document = read("records.json", json.dumps(wrap(package)))
        assert document.records == (PlacedPackage(dict(package)),)

    def test_may_be_json_ld(self, read: Any, ntriples: str) -> None:
        """Whatever its suffix."""
        content = serialize(parse(ntriples, format=RdfFormat.N_TRIPLES), format=RdfFormat.JSON_LD)
        assert read("records.json", content).kind == "JSON-LD"


class TestSpreadsheet:
    def test_is_told_by_what_it_holds(self, read: Any, model: Model, package: Mapping[str, Any]) -> None:
        """Whatever it is called."""
        document = read("records", spreadsheet_from_packages(model, [package])[0])
        assert document.kind == "spreadsheet"
        assert document.records[0].package == package

    def test_of_nothing_is_unusable(self, read: Any, empty: bytes) -> None:
        """The empty template."""
        with pytest.raises(Unusable, match="no dataset is filled in"):
            read("template.xlsx", empty)


class TestUnusable:
    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.ttl", b"", "is empty"),
            ("a.ttl", b"\xef\xbb\xbf \n", "is empty"),
            ("a.ttl", b"<!DOCTYPE html><html>", "is a web page"),
            ("a.xlsx", packed("a.txt", "hello"), "is a packed file"),
            ("a.xlsx", packed("xl/workbook.xml", "<a/>"), "no spreadsheet that can be read"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel workbook"),
            ("a.pdf", b"%PDF-1.7", "PDF"),
            ("a.csv", b"a,b\n1,2", "not the data"),
            ("a.yaml", b"a: b", "save it as JSON"),
            ("a.ttl.gz", b"\x1f\x8bbroken", "damaged gzip"),
            ("a.ttl", b"<a> <b>", "line 1: this is no Turtle"),
            ("a.rdf", b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", "may be cut off"),
            ("a.rdf", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DOCTYPE"),
            ("a.ttl", b"\xff\xfe\x00", "utf-16"),
            ("a.json", b'{"a":', "no JSON"),
            ("a.json", b'{"a": 1}', "not of datasets"),
            ("a.json", b"[]", "not of datasets"),
            ("a.json", b"[" * 100_000, "no JSON"),
            (
                "a.jsonld",
                b'{"@context": "https://example.org/c.jsonld", "@id": "https://example.org/1"}',
                "never fetched",
            ),
            ("a", b"Dear colleagues, see below.", "in no format that can be read"),
            ("a.ttl", b"<https://a.example/> <https://b.example/> 1 .", "describes no dataset"),
        ],
    )
    def test_is_said_in_a_sentence(self, read: Any, name: str, content: bytes, sentence: str) -> None:
        """That names the file and what could be done."""
        with pytest.raises(Unusable, match=sentence) as refused:
            read(name, content)
        assert name.removesuffix(".gz") in str(refused.value)
