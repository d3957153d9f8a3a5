"""Withdrawing a record: at once at home, at the next harvest elsewhere, and not brought back by an old copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest
from rdflib import DCAT, FOAF, RDF, Graph, URIRef

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

from . import places
from .conftest import FORMATS
from .crawl import answers, at_absent_record, at_record, at_word, differing, lacking
from .feed import Feed

SITE, ORGANIZATION = "kenya", "zumari-radio-circle"
STATUS = URIRef("http://www.w3.org/ns/adms#status")
WITHDRAWN = URIRef("http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN")
STRANGERS = ("anonymous", "newcomer", "other")

Look = Callable[[str], Browser]


@dataclass(frozen=True)
class Taken:
    """A record that was public and is withdrawn; `there` is its name at the registry."""

    word: str
    name: str
    id: str
    iri: str
    resource: str
    there: str


@dataclass(frozen=True)
class Story:
    """What had been before: how often each record was found at home and there, and the feed as it was then."""

    records: tuple[Taken, ...]
    unmet: tuple[str, ...]
    old_feed: bytes
    without_token: int
    found_after_that: bool


@pytest.fixture(scope="module")
def reader(anyone: Look, newcomer: Look, editor: Look) -> Callable[[str, str], Browser]:
    """A reader of a kind at a site."""
    return lambda kind, site: {
        "anonymous": lambda: anyone(site),
        "newcomer": lambda: newcomer(site),
        "other": lambda: editor("baobab-banyan-network"),
    }[kind]()


def _published(publish: Callable[..., dict[str, Any]], word: str) -> dict[str, Any]:
    return publish(
        ORGANIZATION,
        f"{word}-survey",
        title_translated={"en": f"Survey {word}"},
        notes_translated={"en": f"The code word is {word}. Invented example."},
        resources=[{"url": f"https://data.example.org/{word}.csv", "name": f"File {word}", "format": "CSV"}],
    )


@pytest.fixture(scope="module")
def story(
    anyone: Look,
    editor: Look,
    publish: Callable[..., dict[str, Any]],
    harvest: Callable[[str], dict[str, Any]],
    command: Callable[..., str],
) -> Story:
    """Two records are published and harvested, then withdrawn: one by its page, one by the command."""
    packages = {word: _published(publish, word) for word in ("sorbelquin", "tavrindole")}
    harvest(SITE)
    records = tuple(_taken(anyone("registry"), word, package) for word, package in packages.items())
    unmet = tuple(place for each in records for place in _unmet(anyone, each))
    old_feed = anyone(SITE).get("/catalog.ttl").content

    page, other = records
    without_token = editor(ORGANIZATION).session.post(f"{anyone(SITE).url}/dataset/withdraw/{page.name}", timeout=60)
    found_after_that = anyone(SITE).get(f"/dataset/{page.name}").ok
    answer = editor(ORGANIZATION).submit(f"/dataset/withdraw/{page.name}", "_csrf_token", [])
    assert answer.url.endswith(f"/dataset/{page.name}"), answer.url
    assert "Withdrawn" in command(SITE, "withdraw", other.name)
    return Story(records, unmet, old_feed, without_token.status_code, found_after_that)


def _taken(registry: Browser, word: str, package: dict[str, Any]) -> Taken:
    found = registry.get(f"{places.API}package_search?q={word}").json()["result"]["results"]
    there = found[0]["name"] if found else "nowhere"
    return Taken(word, package["name"], package["id"], package["uri"], package["resources"][0]["id"], there)


def _unmet(anyone: Look, each: Taken) -> list[str]:
    """The places at home and at the registry that should show the published record and don't."""
    home = {f"/dataset/{each.name}": each.word, f"{places.API}package_search?q={each.word}": each.name}
    there = {f"/dataset/{each.there}": each.word, f"{places.API}package_search?q={each.word}": each.there}
    feed = {"/catalog.ttl": each.word}
    return lacking(anyone(SITE), home | feed) + lacking(anyone("registry"), there | feed)


@pytest.fixture(scope="module")
def next_run(story: Story, harvest: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The report of the registry's next harvest of the national catalogue."""
    assert story.records
    return harvest(SITE)


class TestBefore:
    def test_the_records_were_public(self, story: Story) -> None:
        """Published and harvested, both were on pages, in search and in feeds, at home and at the registry."""
        assert story.unmet == ()

    def test_a_request_without_token_changes_nothing(self, story: Story) -> None:
        """What another page sends in the editor's name is refused."""
        assert story.without_token == 400
        assert story.found_after_that


class TestAtHome:
    @pytest.mark.parametrize("kind", STRANGERS)
    def test_it_is_in_no_place(self, story: Story, reader: Callable[[str, str], Browser], kind: str) -> None:
        """No page, answer or feed holds its word or name any more, whoever asks."""
        told = answers(reader(kind, SITE), places.of_site([ORGANIZATION], [f"editor-{ORGANIZATION}"]))

        assert [
            (place, mark)
            for place, text in told.items()
            for each in story.records
            for mark in (each.word, each.name, each.resource)
            if mark in text
        ] == []

    @pytest.mark.parametrize("kind", STRANGERS)
    def test_it_answers_like_an_absent_one(
        self, story: Story, reader: Callable[[str, str], Browser], kind: str
    ) -> None:
        """At its addresses and in searches it never was, but for its RDF, which says that it is gone."""
        record, word = at_absent_record(reader(kind, SITE)), at_word(reader(kind, SITE))
        rdf = [*(f"/dataset/NAME.{suffix}" for suffix in places.RDF), "/dataset/ID.ttl"]
        action = f"{places.API}dcat_dataset_show?id=NAME"

        for each in story.records:
            told = at_record(reader(kind, SITE), each.name, each.id, each.resource)
            assert [told.pop(place)[:3] for place in rdf] == ["410"] * 7
            assert "This dataset is gone." in told.pop(action)
            assert differing(told, record) == []
            assert differing(at_word(reader(kind, SITE), each.word), word) == []

    def test_its_own_people_still_see_it(self, story: Story, editor: Look) -> None:
        """The editor reads it, and that it is withdrawn."""
        for each in story.records:
            shown = editor(ORGANIZATION).action("package_show", {"id": each.name})
            assert shown["record_status"] == "withdrawn"
            assert each.word in editor(ORGANIZATION).get(f"/dataset/{each.name}").text

    @pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld"])
    def test_its_address_answers_with_a_tombstone(self, story: Story, anyone: Look, suffix: str) -> None:
        """410, with an entry that says WITHDRAWN and nothing of the record but its address."""
        for each in story.records:
            answer = anyone(SITE).get(f"/dataset/{each.name}.{suffix}")
            assert answer.status_code == 410
            assert each.word not in answer.text
            _is_tombstone(Graph().parse(data=answer.content, format=FORMATS[suffix]), each)

    @pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld"])
    def test_the_feed_holds_a_tombstone(
        self, story: Story, anyone: Look, catalogue: Callable[[Browser, str], Graph], suffix: str
    ) -> None:
        """The catalogue has an entry with status WITHDRAWN in its place, and no dataset."""
        whole = catalogue(anyone(SITE), suffix)

        for each in story.records:
            _is_tombstone(whole, each)


def _is_tombstone(graph: Graph, each: Taken) -> None:
    entries = list(graph.subjects(FOAF.primaryTopic, URIRef(each.iri)))
    assert len(entries) == 1
    assert (entries[0], RDF.type, DCAT.CatalogRecord) in graph
    assert (entries[0], STATUS, WITHDRAWN) in graph
    assert (URIRef(each.iri), RDF.type, DCAT.Dataset) not in graph
    assert list(graph.predicate_objects(URIRef(each.iri))) == []


class TestAtTheRegistry:
    def test_the_next_harvest_removes_it(self, story: Story, next_run: dict[str, Any]) -> None:
        """The report names both as removed because their source took them back, and touches nothing else."""
        told = {item["iri"]: item["outcome"] for item in next_run["items"]}

        assert next_run["state"] == "finished"
        assert {each.iri: told.get(each.iri) for each in story.records} == {
            each.iri: "removed" for each in story.records
        }
        assert _counts(next_run) == {"removed": 2}

    @pytest.mark.usefixtures("next_run")
    def test_it_is_in_no_place_any_more(self, story: Story, anyone: Look) -> None:
        """Search, pages, API and feeds of the registry don't know it."""
        _is_gone(anyone("registry"), story)

    @pytest.mark.usefixtures("next_run")
    @pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld"])
    def test_its_feed_passes_the_tombstone_on(
        self, story: Story, anyone: Look, catalogue: Callable[[Browser, str], Graph], suffix: str
    ) -> None:
        """Whoever harvests the registry learns of the withdrawal in turn."""
        whole = catalogue(anyone("registry"), suffix)

        for each in story.records:
            _is_tombstone(whole, each)

    @pytest.mark.usefixtures("next_run")
    def test_the_feed_of_last_week_does_not_bring_it_back(
        self, demo: Demo, story: Story, anyone: Look, harvest: Callable[[str], dict[str, Any]]
    ) -> None:
        """Where the catalogue's address answers with an old copy, the withdrawn records wait for a person."""
        assert all(each.word.encode() in story.old_feed for each in story.records)

        with Feed(story.old_feed) as feed, _member_at(demo, feed.url):
            report = harvest(SITE)

        told = {item["iri"]: item["outcome"] for item in report["items"]}
        assert report["state"] == "finished"
        assert {each.iri: told.get(each.iri) for each in story.records} == {each.iri: "held" for each in story.records}
        assert _counts(report) == {"held": 2}
        _is_gone(anyone("registry"), story)


def _counts(report: dict[str, Any]) -> dict[str, int]:
    """How many records were touched, by outcome."""
    return {name: count for name, count in report["counts"].items() if count and name != "unchanged"}


def _is_gone(reader: Browser, story: Story) -> None:
    told = answers(reader, places.of_site([SITE], []))
    marks = [mark for each in story.records for mark in (each.word, each.there)]
    assert [(place, mark) for place, text in told.items() for mark in marks if mark in text] == []
    word = at_word(reader)
    for each in story.records:
        assert reader.get(f"/dataset/{each.there}").status_code == 404
        assert reader.get(f"/dataset/{each.there}.ttl").status_code == 410
        assert differing(at_word(reader, each.word), word) == []


@contextmanager
def _member_at(demo: Demo, url: str) -> Iterator[None]:
    """The national catalogue answers at another address meanwhile; no command moves a member."""
    _move_member(demo, url)
    try:
        yield
    finally:
        _move_member(demo, f"{demo.sites.named(SITE).url}/catalog.ttl")


def _move_member(demo: Demo, url: str) -> None:
    connection = psycopg2.connect(demo.registry.addresses.database)
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE citizendata_member SET url = %s WHERE id = %s", (url, SITE))
    connection.close()


@pytest.fixture(scope="module")
def restored(
    story: Story,
    next_run: dict[str, Any],
    editor: Look,
    command: Callable[..., str],
    harvest: Callable[[str], dict[str, Any]],
) -> dict[str, Any]:
    """Both were taken away at the registry; they are restored at home by page and by command, and harvested."""
    assert next_run["state"] == "finished"
    page, other = story.records
    answer = editor(ORGANIZATION).submit(f"/dataset/restore/{page.name}", "_csrf_token", [])
    assert answer.url.endswith(f"/dataset/{page.name}"), answer.url
    assert "Back" in command(SITE, "restore", other.name)
    return harvest(SITE)


class TestRestore:
    @pytest.mark.usefixtures("restored")
    def test_it_is_back_at_home(self, story: Story, anyone: Look) -> None:
        """Page, search and feed show it to the readers that it had."""
        for each in story.records:
            marks = {f"/dataset/{each.name}": each.word, f"{places.API}package_search?q={each.word}": each.name}
            assert lacking(anyone(SITE), marks | {"/catalog.ttl": each.word, "/catalog.rdf": each.word}) == []

    def test_the_registry_keeps_it_waiting(self, story: Story, restored: dict[str, Any], anyone: Look) -> None:
        """The registry had taken it away: it doesn't return without a person there, and the report says what to do."""
        told = {item["iri"]: item for item in restored["items"]}

        for each in story.records:
            assert told[each.iri]["outcome"] == "held"
            assert f"harvest approve {SITE} {each.iri}" in told[each.iri]["reason"]
        _is_gone_from_search(anyone("registry"), story)

    @pytest.mark.usefixtures("restored")
    def test_it_returns_when_a_person_agrees(
        self, story: Story, anyone: Look, command: Callable[..., str], harvest: Callable[[str], dict[str, Any]]
    ) -> None:
        """After the approval of one, the next harvest brings that one back, under its old name."""
        agreed, waiting = story.records
        command("registry", "harvest", "approve", SITE, agreed.iri)

        told = {item["iri"]: item["outcome"] for item in harvest(SITE)["items"]}

        assert (told[agreed.iri], told[waiting.iri]) == ("added", "held")
        assert agreed.word in anyone("registry").get(f"/dataset/{agreed.there}").text
        assert anyone("registry").get(f"/dataset/{waiting.there}").status_code == 404


def _is_gone_from_search(reader: Browser, story: Story) -> None:
    for each in story.records:
        assert reader.get(f"{places.API}package_search?q={each.word}").json()["result"]["count"] == 0
