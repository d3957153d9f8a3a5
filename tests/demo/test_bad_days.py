"""A member that is down, empty, or answers something else: a failed harvest with a reason, which removes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ckanext.citizendata.local.browser import Browser

from . import places
from .feed import Feed

PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
NUMBERS = (1, 2, 3)
TABLES = ("package", "resource", "citizendata_record", "citizendata_change", "citizendata_ledger")
HTML = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Back soon.</p></body></html>"


def _catalogue(site: str, edition: str, numbers: tuple[int, ...] = NUMBERS) -> bytes:
    """A catalogue of datasets whose titles name the edition."""
    listed = " ; ".join(f"dcat:dataset <{site}/dataset/{number}>" for number in numbers)
    head = f'<{site}/> a dcat:Catalog ; dct:title "Catalogue"@en{" ; " if listed else ""}{listed} .\n'
    datasets = (
        f'<{site}/dataset/{number}> a dcat:Dataset ; dct:title "Dataset {number} {edition}"@en ; '
        f'dct:description "Dataset {number} of {site}."@en .\n'
        for number in numbers
    )
    return (PREFIXES + head + "".join(datasets)).encode()


def _down(feed: Feed) -> None:
    feed.stop()


def _no_bytes(feed: Feed) -> None:
    feed.body = b""


def _no_dataset(feed: Feed) -> None:
    feed.body = _catalogue(feed.site, "emptied", ())


def _html(feed: Feed) -> None:
    feed.body, feed.media_type = HTML, "text/html"


def _html_as_turtle(feed: Feed) -> None:
    feed.body = HTML


def _cut_off(feed: Feed) -> None:
    feed.body = _catalogue(feed.site, "cut")[:-40]


def _too_short(feed: Feed) -> None:
    whole = _catalogue(feed.site, "short")
    feed.body, feed.length = whole[: whole.index(b"<", len(whole) // 2)], len(whole)


def _error(feed: Feed) -> None:
    feed.status = 503


# What the reason names, besides the member's title and that nothing was changed.
FAULTS: dict[str, tuple[Callable[[Feed], None], str]] = {
    "down": (_down, "127.0.0.1"),
    "no bytes": (_no_bytes, "/catalog.ttl"),
    "no dataset any more": (_no_dataset, "lists no dataset any more, after 3 before"),
    "HTML": (_html, "/catalog.ttl"),
    "HTML that says it is Turtle": (_html_as_turtle, "/catalog.ttl"),
    "cut off in a statement": (_cut_off, "/catalog.ttl"),
    "fewer bytes than announced": (_too_short, "/catalog.ttl"),
    "an error of the server": (_error, "503"),
}


@pytest.fixture(scope="module")
def member(administrator: Callable[[str], Browser]) -> Iterator[Callable[[str], Feed]]:
    """Makes a catalogue on a server of its own a member, by name, until the file's tests are done."""
    registry, feeds = administrator("registry"), {}

    def admitted(name: str) -> Feed:
        if name not in feeds:
            feeds[name] = feed = Feed(b"")
            asked = {"id": name, "title": name.title(), "url": feed.url, "interval_minutes": 0}
            registry.action("citizendata_member_create", asked)
        return feeds[name]

    yield admitted
    for name, feed in feeds.items():
        registry.action("citizendata_member_delete", {"id": name})
        feed.stop()


@pytest.fixture(scope="module")
def harvested(member: Callable[[str], Feed], harvest: Callable[[str], dict[str, Any]]) -> tuple[Feed, Feed]:
    """Two members whose catalogues were harvested well: the one that will fail, and its healthy twin."""
    pair = member("atlantis"), member("elysium")
    for name, feed in zip(("atlantis", "elysium"), pair, strict=True):
        feed.body = _catalogue(feed.site, "first")
        assert harvest(name)["state"] == "finished"
    return pair


@pytest.fixture
def pair(harvested: tuple[Feed, Feed]) -> Iterator[tuple[Feed, Feed]]:
    """The two members; whatever happens to the first one's server, it is up again afterwards."""
    yield harvested
    failing, _ = harvested
    failing.status, failing.media_type, failing.length = 200, "text/turtle", None
    if failing.server.socket.fileno() < 0:
        failing.start()


def _titles(registry: Browser, name: str) -> set[str]:
    answer = registry.get(f"{places.API}package_search?rows=1000&fq=organization:{name}").json()["result"]
    return {package["title"] for package in answer["results"]}


class TestBadDay:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_it_fails_with_a_reason_and_removes_nothing(
        self,
        pair: tuple[Feed, Feed],
        anyone: Callable[[str], Browser],
        harvest: Callable[[str], dict[str, Any]],
        rows: Callable[..., dict[str, list[str]]],
        fault: str,
    ) -> None:
        """Its records stay as they were, to the row; what its twin published meanwhile is there."""
        failing, twin = pair
        spoil, named = FAULTS[fault]
        spoil(failing)
        twin.body = _catalogue(twin.site, fault)
        before = rows("registry", *TABLES)

        report = harvest("atlantis")

        assert rows("registry", *TABLES) == before
        assert report["state"] == "failed"
        assert report["reason"].startswith("Atlantis can't be harvested: ")
        assert report["reason"].endswith("Nothing was changed")
        assert named in report["reason"]
        assert _titles(anyone("registry"), "atlantis") == {f"Dataset {number} first" for number in NUMBERS}
        assert harvest("elysium")["state"] == "finished"
        assert _titles(anyone("registry"), "elysium") == {f"Dataset {number} {fault}" for number in NUMBERS}

    def test_it_is_made_good_by_the_next_harvest(
        self, pair: tuple[Feed, Feed], anyone: Callable[[str], Browser], harvest: Callable[[str], dict[str, Any]]
    ) -> None:
        """After a failed one, the next harvest publishes what the catalogue says then."""
        failing, _ = pair
        failing.stop()
        assert harvest("atlantis")["state"] == "failed"
        failing.start()
        failing.body = _catalogue(failing.site, "mended")

        assert harvest("atlantis")["counts"]["changed"] == 3
        assert _titles(anyone("registry"), "atlantis") == {f"Dataset {number} mended" for number in NUMBERS}

    def test_a_record_missing_without_a_word_stays(
        self, pair: tuple[Feed, Feed], anyone: Callable[[str], Browser], harvest: Callable[[str], dict[str, Any]]
    ) -> None:
        """A shorter catalogue without a tombstone makes the record missing, not removed."""
        failing, _ = pair
        failing.body = _catalogue(failing.site, "full")
        harvest("atlantis")
        failing.body = _catalogue(failing.site, "full", NUMBERS[:2])

        report = harvest("atlantis")

        assert report["state"] == "finished"
        assert [(item["iri"], item["outcome"]) for item in report["items"]] == [
            (f"{failing.site}/dataset/3", "missing")
        ]
        assert len(_titles(anyone("registry"), "atlantis")) == 3
