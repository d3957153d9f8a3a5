"""A registry with everything real, and catalogues of others as HTTP servers whose addresses say how they misbehave."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.model import ledger
from tests.served import *  # noqa: F403 - fixtures

from .visitors import with_role

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency"
# A frequency that isn't in the list.
WRONG = f"dct:accrualPeriodicity <{FREQUENCY}/NOW_AND_THEN> ;"
WITHDRAWN = "<http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN>"
VOCABULARY = "https://w3id.org/citizen-data/vocabulary"
INDIGENOUS = f"cdata:indigenousData <{VOCABULARY}/yes-no-unknown/yes>"

# The tests on other people's catalogues exist only where the catalogues do.
collect_ignore = [] if os.environ.get("CITIZENDATA_REAL_FEEDS") else ["test_real_feeds.py"]


@dataclass(frozen=True)
class Report:
    """What a harvest reported at its end, with the outcomes that it told on its way."""

    state: str
    reason: str | None
    counts: Mapping[str, int]
    notes: Sequence[Problem]
    items: Sequence[Item]


# A catalogue that lists these addresses from now on; its harvest so many days from now.
Kenya = Callable[..., Report]
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """Somebody else's web server; `pages` holds what each path answers, and may change between two harvests."""

    address: str
    pages: dict[str, Answer | tuple[str, bytes]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def turtle(self, path: str, text: str) -> str:
        """The address at which `text` is served from now on."""
        self.pages[path] = ("text/turtle", (PREFIXES + text).encode())
        return self.address + path

    def serve(self, path: str, body: bytes, media_type: str) -> str:
        """The address at which `body` is served from now on."""
        self.pages[path] = (media_type, body)
        return self.address + path

    def answer(self, path: str, answer: Answer) -> str:
        """The address at which the server behaves as `answer` does."""
        self.pages[path] = answer
        return self.address + path


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as running:
        catalogue = Server(f"http://127.0.0.1:{running.server_port}")
        running.RequestHandlerClass = _handler(catalogue)
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield catalogue
        running.shutdown()


def _handler(catalogue: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            catalogue.seen.append(self.path)
            page = catalogue.pages.get(self.path)
            if page is None:
                self.send_error(404)
            elif callable(page):
                page(self)
            else:
                answer(self, page[1], page[0])

        def log_message(self, *_: Any) -> None:
            """Silence: what was asked for stands in `seen`."""

    return Handler


def answer(handler: BaseHTTPRequestHandler, body: bytes, media_type: str, **headers: str) -> None:
    """Answer 200 with `body`; an underscore in a header's name is a hyphen."""
    handler.send_response(200)
    handler.send_header("Content-Type", media_type)
    for name, text in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), text)
    handler.end_headers()
    handler.wfile.write(body)


def dataset(iri: str, title: str, more: str = "") -> str:
    """A dataset in Turtle, listed by its catalogue since the start of 2026."""
    return f'<{iri}> a dcat:Dataset ; dct:title "{title}"@en ; dct:description "About {title}."@en . {more}\n'


def listing(iri: str, modified: str, audience: str = "everyone") -> str:
    """The catalogue record of a dataset."""
    said = f'dct:modified "{modified}"^^xsd:dateTime ; cdata:audience <{VOCABULARY}/audience/{audience}>'
    return f"<{iri}#record> a dcat:CatalogRecord ; foaf:primaryTopic <{iri}> ; {said} .\n"


def tombstone(iri: str, modified: str, kind: str = "withdrawn") -> str:
    """What stands in a feed in place of a dataset that was taken back."""
    said = f'dct:modified "{modified}"^^xsd:dateTime ; cdata:tombstone <{VOCABULARY}/tombstone/{kind}>'
    return f"<{iri}#record> a dcat:CatalogRecord ; foaf:primaryTopic <{iri}> ; adms:status {WITHDRAWN} ; {said} .\n"


def iris(number: int) -> list[str]:
    """So many addresses of one catalogue."""
    return [f"https://node.example.org/dataset/a{each:03}" for each in range(number)]


def feed(addresses: list[str], more: str = "") -> str:
    """A catalogue that lists these addresses."""
    datasets = (dataset(iri, f"Title of {iri[-4:]}") for iri in addresses)
    return "".join(["<https://node.example.org/> a dcat:Catalog .\n", *datasets, more])


def counts(report: Report) -> dict[str, int]:
    """How many records had each outcome that there was."""
    return {outcome: number for outcome, number in report.counts.items() if number}


def state(iri: str) -> str:
    """What the ledger says of a record of `kenya`."""
    return ledger.by_iri("kenya", iri).state


@pytest.fixture
def registry(empty_site: None) -> None:  # noqa: ARG001
    """An empty registry."""


@pytest.fixture
def member(registry: None) -> Callable[..., str]:  # noqa: ARG001
    """Adds a member and gives its name."""

    def add(name: str, url: str, **wishes: Any) -> str:
        return call_action("citizendata_member_create", id=name, url=url, title=name.title(), **wishes)["id"]

    return add


@pytest.fixture
def harvest(registry: None) -> Callable[..., Report]:  # noqa: ARG001
    """Harvests a member by name, so many days from now."""

    def run(name: str, days: float = 0) -> Report:
        now = datetime.now(timezone.utc) + timedelta(days=days)
        items: list[Item] = []
        report = harvested(member_named(name), lambda _doing, _done, _total: None, now, items.extend)
        return Report(report.state, report.reason, report.counts, report.notes, items)

    return run


@pytest.fixture
def kenya(server: Server, member: Callable[..., str], harvest: Callable[..., Report]) -> Kenya:
    """The member `kenya`, as a feed that changes and is harvested."""
    member("kenya", f"{server.address}/c.ttl")

    def lists(addresses: list[str], days: float = 0, more: str = "") -> Report:
        server.turtle("/c.ttl", feed(addresses, more))
        return harvest("kenya", days)

    return lists


@pytest.fixture
def editor(kenya: Kenya) -> dict[str, Any]:  # noqa: ARG001
    """One of the member's people."""
    return with_role("kenya", "editor")


@pytest.fixture
def held(kenya: Kenya) -> list[str]:
    """Four of six records of `kenya` whose removal waits, after a harvest in which one had a wrong value."""
    six = iris(6)
    kenya(six, more=f"<{six[0]}> {WRONG} dct:issued '2024'^^xsd:gYear .")
    kenya(six[:2])
    assert counts(kenya(six[:2], days=2)) == {"unchanged": 2, "held": 4}
    return six[2:]


@pytest.fixture
def others(kenya: Kenya) -> list[dict[str, Any]]:  # noqa: ARG001
    """Users who aren't: one who may only read in its organisation, and an editor of another one."""
    editor = factories.User()
    factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    return [with_role("kenya", "member"), editor]
