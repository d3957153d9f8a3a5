"""Pages of strangers, parsed where a harvest parses them: in a process of its own, one for all tests of this module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ckanext.citizendata.core.tokens import Line, lines_of
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser

URL = "https://node.example.org/feed"
TRIPLE = "<https://a.example.org/> <https://b.example.org/> <https://c.example.org/> ."
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:b="https://b.example.org/">\n'
    '<rdf:Description rdf:about="https://a.example.org/"><b:x>{}</b:x></rdf:Description>\n</rdf:RDF>'
)

PROJECT = '"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"'
DCAT_US = (
    f'{{{PROJECT}, "dataset": []}}',
    f'\ufeff{{{PROJECT}, "dataset": [{{"title": "Wells", "modified": null}}]}}',
    '{"@type": "dcat:Catalog", "dataset": [{"@type": "dcat:Dataset", "title": "Wells"}]}',
    '{"dataset": [{"title": "Wells", "accessLevel": "public"}]}',
)
NOT_DCAT_US = (
    f'{{"@context": {{"dataset": "x:dataset"}}, {PROJECT}, "dataset": []}}',
    '{"@id": "x:a", "x:says": "project-open-data", "x:b": "dataset"}',
    '[{"@id": "x:a", "@type": "dcat:Catalog", "dataset": 1}]',
    '{"@id": "x:a", "accessLevel": "public", "dataset": [1, {"title": "Wells"}]}',
    '{"@id": "x:a", "accessLevel": "public", "dataset": {"accessLevel": "public"}}',
)
UNREADABLE = ('{"accessLevel": 1, "dataset": [', '{"accessLevel": 1, "dataset": ' + "[" * 100_000)

PageOf = Callable[..., Page]


@pytest.fixture(scope="module")
def page() -> Iterator[PageOf]:
    """Parses a page."""

    def parsed(body: str | bytes, media_type: str = "", url: str = URL) -> Page:
        content = body.encode() if isinstance(body, str) else body
        (found,) = parser.parts_of(Answer(url, media_type, content))
        return found

    with Parser(Limits()) as parser:
        yield parsed


def lines(page: Page) -> list[Line]:
    return lines_of(page.text)


class TestFormat:
    @pytest.mark.parametrize(
        ("url", "media_type", "body"),
        [
            (URL, "text/turtle; charset=utf-8", TRIPLE),
            (URL, "application/n-triples", TRIPLE),
            (URL, "application/trig", f"<https://g.example.org/> {{ {TRIPLE} }}"),
            (URL, "application/rdf+xml", XML.format(1)),
            (URL, "application/ld+json", '{"@id": "https://a.example.org/", "https://b.example.org/": 1}'),
            (f"{URL}.ttl?page=2", "text/plain", TRIPLE),
            (f"{URL}.xml", "application/octet-stream", XML.format(1)),
            (URL, "", TRIPLE),
            (URL, "", XML.format(1)),
            (URL, "", "\ufeff" + XML.format(1)),
            (URL, "", '[{"@id": "https://a.example.org/", "https://b.example.org/": 1}]'),
        ],
    )
    def test_goes_by_media_type_then_suffix_then_content(
        self, page: PageOf, url: str, media_type: str, body: str
    ) -> None:
        """Servers name formats wrongly or not at all."""
        assert len(lines(page(body, media_type, url))) == 1


class TestWhole:
    @pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
    def test_a_page_is_read_to_its_end_or_not_at_all(self, page: PageOf, media_type: str) -> None:
        """However much of it could be read."""
        bodies = {
            "text/turtle": f"{TRIPLE}\n{TRIPLE[:-1]}",
            "application/rdf+xml": XML.format(1).removesuffix("</rdf:RDF>"),
            "application/ld+json": '[{"@id": "https://a.example.org/", "https://b.example.org/": 1},',
        }
        with pytest.raises(SourceMalformed):
            page(bodies[media_type], media_type)

    def test_names_line_and_reason(self, page: PageOf) -> None:
        """Of the strict parser, in every format."""
        with pytest.raises(SourceMalformed, match=f"{URL}, line 2: .*prefix no: has not been declared"):
            page(f"{TRIPLE}\n<a> no:b 1 .", "text/turtle")

    def test_blank_nodes_of_two_pages_never_meet(self, page: PageOf) -> None:
        """The same label means something else on each page."""
        pages = [page("_:x <https://b.example.org/> 1 .", "text/turtle") for _ in range(2)]
        assert len({*lines(pages[0]), *lines(pages[1])}) == 2

    def test_relative_addresses_mean_the_page(self, page: PageOf) -> None:
        """Never the server's own disk."""
        ((subject, _, _),) = lines(page("<a> <b> <c> .", "text/turtle"))
        assert subject == "<https://node.example.org/a>"


class TestImperfect:
    @pytest.mark.parametrize(
        ("body", "media_type"),
        [
            ("<https://a.example.org/> <https://b.example.org/> <tel:+1 2> .", "text/turtle"),
            (XML.format('<rdf:Description rdf:about="tel:+1 2"/>'), "application/rdf+xml"),
        ],
    )
    def test_is_read_leniently_with_a_note(self, page: PageOf, body: str, media_type: str) -> None:
        """Real catalogues hold addresses that are none."""
        found = page(body, media_type)
        assert any("<tel:+1\\u00202>" in line for line in lines(found))
        assert [problem.code for problem in found.problems] == ["imperfect_rdf"]

    def test_a_language_that_is_none_is_left_out(self, page: PageOf) -> None:
        """The text stays; a tag with line feeds and brackets in it would be written out as further statements."""
        body = XML.replace("<b:x>", '<b:x xml:lang="en .&#10;&lt;http://v">').format("x")
        ((_, _, text),) = lines(page(body, "application/rdf+xml"))
        assert text == '"x"'

    def test_what_the_second_library_refuses_in_its_own_way_is_refused(self, page: PageOf) -> None:
        """It reads what isn't to be read, and raises anything when it is to write it."""
        broken = XML.format('<rdf:Description rdf:about="tel:+1 2"/>').replace("</b:x>", "</b:x>text")
        with pytest.raises(SourceMalformed) as caught:
            page(broken, "application/rdf+xml")
        assert caught.value.outcome == "rejected(malformed)"

    def test_statements_about_statements_are_left_out(self, page: PageOf) -> None:
        """No catalogue of ours or others can say them back."""
        found = page(
            f"{TRIPLE} <https://d.example.org/> <https://e.example.org/> <<( <x:a> <x:b> <x:c> )>> .", "text/turtle"
        )
        assert len(lines(found)) == 1
        assert [problem.code for problem in found.problems] == ["rdf_12"]


class TestHostile:
    @pytest.mark.parametrize(
        "prolog",
        [
            "<!DOCTYPE r>",
            '<?xml version="1.0"?><!-- <a> --><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
            '<?xml version="1.0"?>\n<?x y?>\n<!DOCTYPE r SYSTEM "http://127.0.0.1:9/">',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_doctype_is_refused_wherever_it_hides(self, page: PageOf, prolog: str, encoding: str) -> None:
        """Entities fill memory or open files."""
        with pytest.raises(SourceMalformed, match="has a DOCTYPE"):
            page((prolog + XML.format(1)).encode(encoding), "application/rdf+xml")

    def test_the_word_doctype_in_a_text_is_none(self, page: PageOf) -> None:
        """Descriptions may speak of it."""
        assert len(lines(page(XML.format("<![CDATA[<!DOCTYPE html>]]>"), "application/rdf+xml"))) == 1

    @pytest.mark.parametrize(
        "context", ['"http://127.0.0.1:9/c"', '"/etc/passwd"', '[{"b": "x:b"}, "http://127.0.0.1:9/c"]']
    )
    def test_a_remote_context_is_refused_unread(self, page: PageOf, context: str) -> None:
        """Neither fetched nor opened."""
        with pytest.raises(SourceMalformed, match="which is never fetched"):
            page(f'{{"@context": {context}, "@id": "x:a", "b": 1}}', "application/ld+json")

    @pytest.mark.parametrize("body", DCAT_US)
    @pytest.mark.parametrize("media_type", ["application/json", "application/ld+json"])
    def test_dcat_us_is_refused_by_name(self, page: PageOf, body: str, media_type: str) -> None:
        """It looks like JSON-LD; read as such it says nothing, or little and nothing of its datasets."""
        with pytest.raises(SourceMalformed, match=r"this is DCAT-US \(data.json\).*\[rejected\(dcat_us\)\]"):
            page(body, media_type)

    @pytest.mark.parametrize("body", NOT_DCAT_US)
    def test_what_only_resembles_dcat_us_is_read(self, page: PageOf, body: str) -> None:
        """JSON-LD that says what its names mean, and whatever else has datasets."""
        page(body, "application/json")

    @pytest.mark.parametrize("body", UNREADABLE, ids=["cut off", "nested"])
    def test_what_no_parser_reads_is_malformed(self, page: PageOf, body: str) -> None:
        """Even where it looks like DCAT-US."""
        with pytest.raises(SourceMalformed, match=r"\[rejected\(malformed\)\]"):
            page(body, "application/json")

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b'<?xml version="1.0" encoding="utf-7"?>' + XML.format(1).encode(), "encoding utf-7"),
            (b'<?xml version="1.0" encoding="rot13"?>' + XML.format(1).encode(), "encoding rot13"),
            (XML.format("é").encode("latin-1"), "line 2: byte 0xe9 is no utf-8 text"),
            (XML.format("\x01").encode(), "no well-formed XML"),
        ],
    )
    def test_text_that_is_not_what_it_claims_is_refused(self, page: PageOf, body: bytes, reason: str) -> None:
        """With the line where it shows."""
        with pytest.raises(SourceMalformed, match=reason):
            page(body, "application/rdf+xml")

    def test_other_honest_encodings_are_read(self, page: PageOf) -> None:
        """Latin letters as old catalogues write them."""
        body = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + XML.format("é")
        ((_, _, text),) = lines(page(body.encode("latin-1"), "application/rdf+xml"))
        assert text == '"é"'
