"""Pages that aren't held in memory: fetched into a file, parsed from it, and read in parts like any other."""

from __future__ import annotations

import gc
import os
import re
import resource
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.body import received
from ckanext.citizendata.federation.errors import RegistryUnavailable, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.gate import Gate
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.pages import pages
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.statements import Statements

from .servers import listening, says, sends
from .test_fetch import OPEN, fetched
from .test_parse import DCAT_US, TRIPLE, URL, XML
from .test_parting import DATASET, TYPE

NAME = re.compile(r"_:\w+")
SMALL = Limits(connect=1, idle=5, total=60, held_bytes=1000, tries=2, pause=0.01)
XML_TYPE = "application/rdf+xml"
# Read alike from memory and from a file, or refused alike.
BODIES: dict[str, tuple[bytes, str]] = {
    "turtle": (f"{TRIPLE}\n<a> <b> [ <c> 'é' ] .".encode(), "text/turtle"),
    "byte order mark": (f"\ufeff{TRIPLE}".encode(), "text/turtle"),
    "utf-16": (f"{TRIPLE} <a> <b> 'é𝄞' .".encode("utf-16"), "text/turtle"),
    "xml": (b'<?xml version="1.0"\n encoding="utf-8"?>\n' + XML.format("é").encode(), XML_TYPE),
    "xml in Latin-1": (f'<?xml version="1.0" encoding="ISO-8859-1"?>{XML.format("é")}'.encode("latin-1"), XML_TYPE),
    "xml in UTF-16": (f'<?xml version="1.0" encoding="utf-16"?>{XML.format("é")}'.encode("utf-16"), XML_TYPE),
    "xml by its look": (b"\n " + XML.format(1).encode(), ""),
    "json": (b'[{"@id": "https://a.example.org/", "https://b.example.org/": [1, 2]}]', "application/ld+json"),
    "lenient": (b"<https://a.example.org/> <https://b.example.org/> <tel:+1 2> .", "text/turtle"),
    "lenient xml": (XML.format('<rdf:Description rdf:about="tel:+1 2"/>').encode(), XML_TYPE),
    "second library": (b"<https://a.example.org/> <https://b.example.org/> true, 1.e5 .", "text/turtle"),
    "nonsense": (f"{TRIPLE}\nnonsense".encode(), "text/turtle"),
    "nonsense in xml": (XML.format("<b:y>1</b:y>text").replace("/><", "/>\n<").encode(), XML_TYPE),
    "unfinished": (XML.format(1).removesuffix("</rdf:RDF>").encode(), XML_TYPE),
    "doctype": (b"<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE r>" + XML.format(1).encode(), XML_TYPE),
    "doctype in UTF-16": (f"<!DOCTYPE r [<!ENTITY a 'a'>]>{XML.format('&a;')}".encode("utf-16"), XML_TYPE),
    "no doctype": (XML.format("<![CDATA[<!DOCTYPE html>]]>").encode(), XML_TYPE),
    "no UTF-8": (f"{TRIPLE}\n<a> <b> 'é' .".encode("latin-1"), "text/turtle"),
    "no UTF-8 in xml": (XML.format("é").encode("latin-1"), XML_TYPE),
    "cut in a character": (f"{TRIPLE}\n<a> <b> 'é".encode()[:-1], "text/turtle"),
    "encoding": (b'<?xml version="1.0" encoding="utf-7"?>' + XML.format(1).encode(), XML_TYPE),
    "web page": (b"<!DOCTYPE html><html>", "text/html"),
    "dcat-us": (DCAT_US[1].encode(), "application/json"),
    "context": (b'{"@context": "http://127.0.0.1:9/c", "@id": "x:a", "b": 1}', "application/ld+json"),
}


@contextmanager
def on_disk(body: bytes, media_type: str = "text/turtle") -> Iterator[Answer]:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(body)
        yield Answer(URL, media_type, b"", file=file)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Limits()) as running:
        yield running


@pytest.fixture(scope="module")
def other() -> Iterator[Parser]:
    """One for large pages, which doesn't end the process of the other one each time."""
    with Parser(Limits()) as running:
        yield running


@contextmanager
def no_room() -> Iterator[None]:
    """A disk on which no file gets larger than 100 KB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def told(parser: Parser, answer: Answer) -> object:
    """What is read, without names of blank nodes, or why nothing is."""
    try:
        (page,) = parser.parts_of(answer)
    except SourceMalformed as error:
        return str(error)
    return sorted(NAME.sub("_:x", page.text).splitlines()), page.problems


def datasets(number: int, more: str = "", words: int = 400) -> bytes:
    """A page of N-Triples of 100 KB for each dataset, and what else it says."""
    one = f"<https://node.example.org/{{0}}> {TYPE} {DATASET} .\n"
    word = '<https://node.example.org/{0}> <http://www.w3.org/ns/dcat#keyword> "{1:0200}" .\n'
    said = [one.format(each) + "".join(word.format(each, place) for place in range(words)) for each in range(number)]
    return ("".join(said) + more).encode()


class TestBody:
    def test_that_is_large_is_in_a_file(self) -> None:
        """Which no folder lists; a small one is in memory."""
        with listening(says("200 OK", b"x" * 2000), says("200 OK", b"x" * 500)) as server:
            answer = fetched(f"http://127.0.0.1:{server.port}/c", SMALL)
            assert answer.body == b""
            assert answer.file
            assert (answer.start(3), os.fstat(answer.file.fileno()).st_nlink) == (b"xxx", 0)
            assert os.fstat(answer.file.fileno()).st_size == 2000
            answer.close()
            assert answer.file.closed
            assert fetched(f"http://127.0.0.1:{server.port}/c", SMALL) == Answer(
                f"http://127.0.0.1:{server.port}/c", "", b"x" * 500
            )

    def test_that_breaks_off_is_given_back(self) -> None:
        """And tried again."""
        short = sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n" + b"x" * 5000)
        gc.collect()  # what earlier tests left open is closed now, not between the two looks
        files = len([*Path("/proc/self/fd").iterdir()])
        with listening(short, short) as server:
            with pytest.raises(SourceUnreachable, match="broke off"):
                fetched(f"http://127.0.0.1:{server.port}/c", SMALL)
            assert server.accepted == 2
        assert len([*Path("/proc/self/fd").iterdir()]) <= files

    def test_that_finds_no_room_is_the_registrys_trouble(self) -> None:
        """Not the source's: nothing is said against that, and it isn't asked again."""
        with listening(says("200 OK", b"x" * 300_000)) as server, no_room():
            with pytest.raises(RegistryUnavailable, match="can't be kept on this registry's disk"):
                fetched(f"http://127.0.0.1:{server.port}/c", SMALL)
            assert server.accepted == 1

    def test_raises_what_its_source_raises(self) -> None:
        """Also where that looks like trouble with a disk."""

        def broken() -> Iterator[bytes]:
            yield b"x" * 2000
            raise OSError("the network")

        with pytest.raises(OSError, match="the network"):
            received(broken(), 1000)

    def test_too_large_is_refused_as_before(self) -> None:
        """Once it is, not at its end."""
        limits = Limits(page_bytes=100_000, held_bytes=1000, connect=1, idle=1, total=5)
        with (
            listening(says("200 OK", b"x" * 200_000)) as server,
            pytest.raises(SourceMalformed, match="larger than 100000 bytes"),
        ):
            fetched(f"http://127.0.0.1:{server.port}/c", limits)


class TestText:
    @pytest.mark.parametrize("name", BODIES)
    def test_is_read_as_in_memory(self, parser: Parser, other: Parser, name: str) -> None:
        """The same statements and notes, or the same refusal with the same line."""
        body, media_type = BODIES[name]
        with on_disk(body, media_type) as large:
            assert told(other, large) == told(parser, Answer(URL, media_type, body))

    def test_in_another_encoding_is_read_a_little_at_a_time(self, parser: Parser) -> None:
        """Characters lie across the pieces; an error is told with its line."""
        text = f"{TRIPLE}\n<https://a.example.org/> <https://b.example.org/> 'x{'𝄞é' * 400_000}' .\n"
        for encoding in ("utf-8", "utf-16"):
            with on_disk(text.encode(encoding)) as large:
                (page,) = parser.parts_of(large)
                assert page.text.count("𝄞é") == 400_000
        with (
            on_disk(text.encode() + b"# \xe9\n") as large,
            pytest.raises(SourceMalformed, match=r"line 3: byte 0xe9 is no utf-8 text.*\[rejected\(encoding\)\]"),
        ):
            list(parser.parts_of(large))


class TestProcess:
    def test_has_its_page_open_and_nothing_else(self) -> None:
        """The file is given back as soon as it was read; the next page has another process."""
        with Parser(Limits()) as parser, on_disk(datasets(100)) as large:
            found = parser.parts_of(large)
            first = next(found)
            assert (first.part, parser.pid) == (0, None)
            assert large.file
            assert large.file.closed
            assert sum(each.text.count("\n") for each in found) == 100 * 401
            (page,) = parser.parts_of(Answer(URL, "", TRIPLE.encode()))
            assert page.text.count("\n") == 1
            assert parser.pid
            assert {link.name for link in Path(f"/proc/{parser.pid}/fd").iterdir()} == {"0", "1", "2"}

    def test_that_takes_too_much_memory_is_told_by_name(self) -> None:
        """Such as for JSON, which is read as a whole."""
        body = b'[{"@id": "x:a", "x:b": [' + b"1, " * 20_000_000 + b"1]}]"
        with (
            Parser(Limits(parser_bytes=120 * 1024**2)) as parser,
            on_disk(body, "application/ld+json") as large,
            pytest.raises(SourceMalformed, match=r"\[rejected\(too_costly\)\]"),
        ):
            list(parser.parts_of(large))


def member_at(port: int) -> Member:
    return Member("kenya", "Kenya", f"http://127.0.0.1:{port}/1.nt", "everyone")


class TestParts:
    def test_count_as_one_page(self) -> None:
        """With one next page, one note of what is wrong with it, and the claim of the feed."""
        feed = "<https://node.example.org/> <http://www.w3.org/ns/hydra/core#{}> {} .\n"
        wrong = "<https://node.example.org/> <https://b.example.org/> <tel:1 2> .\n"
        more = feed.format("totalItems", '"101"') + feed.format("next", '"/2.nt"') + wrong
        first, last = datasets(100, more), datasets(1)
        crawl = Crawl()
        with (
            listening(says("200 OK", first), says("200 OK", last)) as server,
            Fetcher(SMALL, "test", Gate(OPEN)) as fetcher,
            Parser(SMALL) as parser,
        ):
            found = list(pages(fetcher, parser, member_at(server.port)))
        for each in found:
            crawl.add(each)
        assert [each.part for each in found] == [*range(len(found) - 1), 0]
        assert len(found) > 3
        assert (crawl.pages, crawl.claimed, crawl.has_catalogue, crawl.framed) == (2, 101, False, True)
        assert [note.code for note in crawl.notes] == ["imperfect_rdf"]

    def test_name_one_next_page_together(self) -> None:
        """Two are refused, as on a small page."""
        feed = "<https://node.example.org/> <http://www.w3.org/ns/hydra/core#next> <https://node.example.org/{}> .\n"
        with (
            listening(says("200 OK", datasets(100, feed.format(2) + feed.format(3)))) as server,
            Fetcher(SMALL, "test", Gate(OPEN)) as fetcher,
            Parser(SMALL) as parser,
            pytest.raises(SourceMalformed, match="several next pages"),
        ):
            list(pages(fetcher, parser, member_at(server.port)))

    def test_have_no_text_that_no_record_may_have(self, parser: Parser) -> None:
        """It is cut where it is parsed, and its dataset refused for its length."""
        long = '<https://node.example.org/7> <http://purl.org/dc/terms/title> "' + "é" * 6_000_000 + '"@fr .\n'
        found = list(parser.parts_of(Answer(URL, "application/n-triples", datasets(8, long))))
        assert max(len(each.text) for each in found) < 5_000_000
        refusals = {iri: reason for each in found for iri, reason in each.rest.refusals.items()}
        assert list(refusals) == ["<https://node.example.org/7>"]
        assert refusals["<https://node.example.org/7>"].endswith("title, has more than 1000000 characters")

    def test_find_no_room(self) -> None:
        """The trouble is the registry's, and the parser goes on."""
        with Parser(Limits()) as parser:
            with no_room(), pytest.raises(RegistryUnavailable, match="can't be kept on this registry's disk"):
                list(parser.parts_of(Answer(URL, "", datasets(300))))
            assert [page.part for page in parser.parts_of(Answer(URL, "", TRIPLE.encode()))] == [0]

    def test_begin_anew_with_each_reader(self, parser: Parser) -> None:
        """What the strict parser had found is void."""
        wrong = b"<https://node.example.org/> <https://b.example.org/> <tel:1 2> .\n"
        found = list(parser.parts_of(Answer(URL, "", datasets(100) + wrong)))
        assert sum(each.text.count("\n") for each in found) == 100 * 401


class TestStatements:
    def test_may_be_left_by_another_thread(self) -> None:
        """Whoever leaves a feed early isn't the one who reads it."""
        statements = Statements()
        thread = threading.Thread(target=statements.add, args=("<a> <b> <c> .\n",))
        thread.start()
        thread.join()
        assert statements.number == 1
        statements.close()
        assert statements.number == 0
