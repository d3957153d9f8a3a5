"""The feeds that are measured: both harvesters read the same, and all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from benchmarks.feed_files import CHANGED, EVERY, INPUTS, Feed, changed, differences, statements_of

DCAT, DCT, HYDRA = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://www.w3.org/ns/hydra/core#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PLAIN = Feed("plain-x", "plain", 5, "http://127.0.0.1:1", page_size=2)


def triples(file: Path) -> list[tuple[str, str, str]]:
    found = parse(file.read_bytes(), format=RdfFormat.TURTLE)
    return [tuple(getattr(term, "value", "") for term in (q.subject, q.predicate, q.object)) for q in found]  # type: ignore[misc]


def lines(turtle: str) -> str:
    """The same in N-Triples."""
    statements = [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]
    return str(serialize(statements, format=RdfFormat.N_TRIPLES) or b"", "utf-8")


@pytest.mark.parametrize("kind", INPUTS)
class TestFeed:
    def test_lists_each_dataset_once(self, tmp_path: Path, kind: str) -> None:
        """All pages together have as many datasets as the feed says."""
        feed = replace(PLAIN, kind=kind).write(tmp_path)
        pages = [triples(tmp_path / "plain-x" / f"{number}.ttl") for number in (1, 2, 3)]
        listed = [s for page in pages for s, p, o in page if (p, o) == (TYPE.value, f"{DCAT}Dataset")]
        assert sorted(listed) == sorted(feed.iri(number) for number in range(5))
        assert {o for page in pages for _, p, o in page if p == f"{HYDRA}totalItems"} == {"5"}

    def test_leads_from_page_to_page(self, tmp_path: Path, kind: str) -> None:
        """Each page names the next one, in both spellings; the last one names none."""
        feed = replace(PLAIN, kind=kind).write(tmp_path)
        for number, following in ((1, {feed.page_url(1)}), (2, {feed.page_url(2)}), (3, set())):
            page = triples(tmp_path / "plain-x" / f"{number}.ttl")
            for name in ("next", "nextPage"):
                assert {o for _, p, o in page if p == HYDRA + name} == following

    def test_changes_one_dataset_of_a_hundred(self, kind: str) -> None:
        """Only the titles of those differ, and hold the word by which they are found."""
        feed = replace(PLAIN, kind=kind, size=2 * EVERY)
        pairs = {
            each: (statements_of(feed, each), lines(statements_of(changed(feed), each))) for each in (0, 1, 99, 100)
        }
        first, last = (
            sum(line.startswith(f"<{feed.iri(each)}> <{DCT}title>") for line in pairs[each][1].splitlines())
            for each in (0, EVERY)
        )
        found = {each: differences(*pair) for each, pair in pairs.items()}
        assert found == {0: (first, first), 1: (0, 0), 99: (0, 0), EVERY: (last, last)}
        assert CHANGED in statements_of(changed(feed), 0)
        assert CHANGED not in statements_of(feed, 0)

    def test_holds_for_one_dataset_what_its_page_says(self, tmp_path: Path, kind: str) -> None:
        """The statements that a record is compared with are those of the page: no more, no fewer."""
        feed = replace(PLAIN, kind=kind, size=1).write(tmp_path)
        page = tmp_path / "plain-x" / "1.ttl"
        besides = sum(subject in (feed.base, feed.url) for subject, _, _ in triples(page))
        assert differences(statements_of(feed, 0), lines(page.read_text(encoding="utf-8"))) == (0, besides)


class TestPlain:
    def test_has_forty_statements_and_two_files(self) -> None:
        """As the feeds had on which the stock stack was measured before."""
        found = list(parse(statements_of(PLAIN, 3), format=RdfFormat.TURTLE))
        assert len(found) == 42
        assert sum(quad.object == NamedNode(f"{DCAT}Distribution") for quad in found) == 2


class TestDifferences:
    def test_are_none_between_a_text_and_itself_with_other_blank_nodes(self) -> None:
        """Names of blank nodes and the order of statements say nothing."""
        source = "_:a <http://p.example/p> _:b . _:b <http://p.example/p> 1 ."
        assert differences(source, '_:x <http://p.example/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
                           "_:y <http://p.example/p> _:x .\n") == (0, 0)  # fmt: skip

    def test_count_what_is_lost_and_what_is_new(self) -> None:
        """A language tag that is dropped is both."""
        source = f'<http://d.example/> <{DCT}title> "A"@en , "B"@en .'
        assert differences(source, f'<http://d.example/> <{DCT}title> "A" .\n') == (2, 1)
