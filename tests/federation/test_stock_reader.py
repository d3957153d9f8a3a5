"""Stock CKAN with ckanext-dcat and ckanext-harvest reads our catalogue over HTTP while its records change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from werkzeug.serving import make_server

from ckanext.citizendata.feeds import ranges
from ckanext.citizendata.local.settings import free_port
from ckanext.citizendata.logic.feeds import cutting

from .conftest import Kenya, dataset, iris
from .stock_reader import Harvested, StockReader, stock_reader

__all__ = ["stock_reader"]

# Pages of so many, so that a few records make three of them: the harvester needs a tenth of a second for each.
A_PAGE, NUMBER = 20, 55
UNTITLED = "https://node.example.org/dataset/untitled"
SECONDS = 120

Environment = dict[str, Any]


@dataclass
class Turnstile:
    """Our site, which answers for a further page of the catalogue when something was done between the two."""

    site: Callable[[Environment, Any], Iterable[bytes]]
    waiting: Queue[threading.Event] = field(default_factory=Queue)

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """The site's answer."""
        if environ["REQUEST_METHOD"] == "GET" and _is_further_page(environ):
            gate = threading.Event()
            self.waiting.put(gate)
            assert gate.wait(SECONDS)
        return self.site(environ, start_response)


def _is_further_page(environ: Environment) -> bool:
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    return (path.startswith("/snapshot/") and not path.endswith("/1.ttl")) or "page=" in query


@pytest.fixture
def address(ckan_config: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Where our site will be, which it has to know from the start; its feeds are those of its own tables."""
    found = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setitem(ckan_config, "ckanext.citizendata.feed_folder", str(tmp_path))
    monkeypatch.setitem(ckan_config, "ckan.site_url", found)
    return found


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a snapshot are cut as those of a large catalogue."""
    monkeypatch.setattr(ranges, "MOST_PLACES", A_PAGE + A_PAGE // 4)
    monkeypatch.setattr(ranges, "ABOUT", A_PAGE)


@pytest.fixture
def turnstile(address: str, registry: None, make_app: Callable[[], Any]) -> Iterator[Turnstile]:  # noqa: ARG001
    """Our registry over HTTP."""
    site = Turnstile(make_app().app)
    server = make_server("127.0.0.1", int(address.rpartition(":")[2]), site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield site
    server.shutdown()


def harvested(reader: StockReader, url: str, turnstile: Turnstile, edit: Callable[[], None]) -> tuple[Harvested, int]:
    """What a stock harvest did, with an edit before each further page; and how many of these there were."""
    edits = 0
    with ThreadPoolExecutor(1) as pool:
        harvest = pool.submit(reader.harvest, url)
        while not harvest.done():
            with suppress(Empty):
                gate = turnstile.waiting.get(timeout=0.05)
                edit()
                edits += 1
                gate.set()
    return harvest.result(), edits


class Catalogue:
    """The member whose records the registry shows: each edit gives some of them new titles, and adds some."""

    def __init__(self, kenya: Kenya) -> None:
        self.kenya = kenya
        self.listed = iris(NUMBER)
        self.edits = 0
        self.show()

    def edit(self) -> None:
        """Every tenth record has another title, and there are five more."""
        self.edits += 1
        self.listed = iris(NUMBER + 5 * self.edits)
        self.show()

    def show(self) -> None:
        """Bring the records as they are now before the registry's readers."""
        again = [dataset(iri, self.title(iri)) for iri in self.listed[::10]]
        untitled = f'<{UNTITLED}> a dcat:Dataset ; dct:description "Nobody gave it a name."@en .\n'
        report = self.kenya(
            [iri for iri in self.listed if iri not in self.listed[::10]], more="".join([*again, untitled])
        )
        assert report.state == "finished", report.reason
        cutting.cut("everyone")

    def title(self, iri: str) -> str:
        """The title of one of those that change."""
        return f"Edited {self.edits} times: {iri[-4:]}"


def test_loses_no_titled_record_while_they_are_edited(
    address: str, turnstile: Turnstile, kenya: Kenya, stock_reader: StockReader
) -> None:
    """Two harvests with edits and new records between the pages: no error, nothing deleted, all there at the end."""
    catalogue = Catalogue(kenya)
    before = {*catalogue.listed}

    first, edits = harvested(stock_reader, f"{address}/catalog.ttl", turnstile, catalogue.edit)

    assert (first.errors, edits >= 2) == ([], True)
    assert before <= {*first.gathered} <= {*catalogue.listed}
    assert first.shown.keys() == {*first.gathered}

    present = {*catalogue.listed}
    second, edits = harvested(stock_reader, f"{address}/catalog.ttl", turnstile, catalogue.edit)

    assert (second.errors, edits > 0) == ([], True)
    assert present <= second.shown.keys() == {*second.gathered}
    assert UNTITLED not in second.shown
