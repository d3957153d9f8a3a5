"""Records of one page that say different things of one node never come together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.apart import Apart, TooManyParts
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from tests.generation.signed_feed import quads, record

URL = "https://node.example.org/feed/everyone/pages/1.nq"
A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
AGENT = "<https://node.example.org/agent/water>"
NAME = "<http://xmlns.com/foaf/0.1/name>"
PUBLISHER = "<http://purl.org/dc/terms/publisher>"


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits()) as running:
        yield running


def named(iri: str, name: str) -> str:
    """A dataset with a publisher of this name."""
    return record(iri, "Wells", f"<{iri}> {PUBLISHER} {AGENT}", f'{AGENT} {NAME} "{name}"')


def unnamed(iri: str) -> str:
    """A dataset that only says who the publisher is."""
    return record(iri, "Wells", f"<{iri}> {PUBLISHER} {AGENT}")


def parts(parser: Parser, *records: str) -> list[Page]:
    body = "".join(records).encode()
    return [*parser.records_of(Answer(URL, "application/n-quads", body))]


class TestParts:
    def test_that_agree_are_one(self, parser: Parser) -> None:
        """As on any page: what two records share is said once, sorted."""
        (page,) = parts(parser, named(B, "Water desk"), named(A, "Water desk"))
        lines = page.text.split(" .\n")[:-1]
        assert len(lines) == 2 * 8 + 1
        assert lines == sorted(set(lines))

    def test_that_differ_are_apart(self, parser: Parser) -> None:
        """By another name, and by none: else one would say what the other does."""
        found = parts(parser, named(A, "Water desk"), named(B, "Office of water"), unnamed(C))
        assert [page.part for page in found] == [0, 1, 2]
        assert [page.text.count(NAME) for page in found] == [1, 1, 0]
        assert [page.text.count("#Dataset>") for page in found] == [1, 1, 1]

    def test_are_as_few_as_can_be(self, parser: Parser) -> None:
        """A hundred records with two names for one publisher."""
        records = [named(f"{A}{number}", "old" if number % 2 else "new") for number in range(100)]
        assert [page.text.count("#Dataset>") for page in parts(parser, *records)] == [50, 50]

    def test_keep_blank_nodes(self, parser: Parser) -> None:
        """Each belongs to its record."""
        contact = "<http://www.w3.org/ns/dcat#contactPoint>"
        labels = {"x": A, "y": B}.items()
        some = [record(iri, "Wells", f"<{iri}> {contact} _:{n}", f'_:{n} {NAME} "{n}"') for n, iri in labels]
        (page,) = parts(parser, *some)
        assert page.text.count("_:") == 4

    def test_of_nothing(self, parser: Parser) -> None:
        """A page that has no statement is a page all the same."""
        (page,) = parts(parser, "# Nothing yet.\n")
        assert page.text == ""


class TestRefusals:
    def test_of_records_in_pieces(self, parser: Parser) -> None:
        """Half of a record would be published before the rest of it is seen."""
        with pytest.raises(SourceMalformed, match="don't stand together"):
            parts(parser, record(A, "Wells"), record(B, "Rivers"), quads(A, f'<{A}> {NAME} "more"'))

    def test_of_what_is_no_rdf(self, parser: Parser) -> None:
        """With the line, as of any page."""
        with pytest.raises(SourceMalformed, match="line 8"):
            parts(parser, record(A, "Wells"), "nonsense\n")

    def test_of_many_contradictions(self) -> None:
        """A page that is made to have as many parts as records."""
        apart = Apart()
        for number in range(1000):
            apart.add(f'<x:a> <x:b> "{number}" .\n'.encode())
        with pytest.raises(TooManyParts):
            apart.add(b'<x:a> <x:b> "one more" .\n')

    def test_of_one_record_that_is_too_large(self, parser: Parser) -> None:
        """It is left out by its name, and the others are read."""
        found = parts(parser, record(A, "Wells", f'<{A}> {NAME} "{"long" * 3_000_000}"'), record(B, "Rivers"))
        (page,) = found
        assert page.text.count("#Dataset>") == 1
        assert [(each.code, f"{A}#record" in each.message) for each in page.problems] == [("left_out", True)]
