"""The whole federation, once for all tests: two national catalogues with the sample records, and their registry."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import requests
from psycopg2 import sql
from rdflib import Graph, Namespace

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo
from ckanext.citizendata.local.people import Account, account_of
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.settings import child_environment, free_port, settings_from_environment
from ckanext.citizendata.local.sites import ADMINISTRATOR, NAMES

EXPECTED = Path(__file__).parents[1] / "data" / "expected"
FORMATS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
MOST_PAGES = 20
SECONDS = 120
# A public record without a word that tests look for.
SAMPLE = "radio-talk-on-antibiotics"

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The running demo in a home of its own; it is taken away again, and has to leave no process."""
    folder = Path(tempfile.mkdtemp(prefix="citizendata-"))
    folder.chmod(0o711)
    settings = settings_from_environment({**os.environ, "CITIZENDATA_HOME": str(folder)})
    present = Demo(settings, settings.home("tests"), {name: free_port() for name in NAMES}, Progress(), tied=True)
    try:
        present.start(durable=False)
        for name in NAMES:
            present.settle(name)
        yield present
    finally:
        left = present.stop_and_look()
        present.remove()
        shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture(scope="session")
def table() -> Callable[[str], Rows]:
    """Reads one of the tables that were written by hand."""

    def read(name: str) -> Rows:
        with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    return read


@pytest.fixture(scope="session")
def anyone(demo: Demo) -> Callable[[str], Browser]:
    """A reader without an account, by the name of the site."""
    return lambda site: demo.browser(site=site)


@pytest.fixture(scope="session")
def graph() -> Callable[[Browser, str], Graph]:
    """The RDF at an address of a site; its ending says in which form."""

    def read(reader: Browser, path: str) -> Graph:
        answer = reader.get(path)
        assert answer.status_code == 200, f"{reader.url}{path} answers {answer.status_code}"
        suffix = urlsplit(path).path.rpartition(".")[2]
        return Graph().parse(data=answer.content, format=FORMATS[suffix], publicID=reader.url + path)

    return read


@pytest.fixture(scope="session")
def catalogue(graph: Callable[[Browser, str], Graph]) -> Callable[[Browser, str], Graph]:
    """All pages of a site's catalogue as one graph, found by following the links from the first."""

    def walk(reader: Browser, suffix: str) -> Graph:
        whole, path = Graph(), f"/catalog.{suffix}"
        for _ in range(MOST_PAGES):
            page = graph(reader, path)
            whole += page
            following = next(page.objects(None, HYDRA.next), None)
            if following is None:
                return whole
            path = str(following).removeprefix(reader.url)
        raise AssertionError(f"the catalogue of {reader.url} has no end")

    return walk


@pytest.fixture(scope="session")
def administrator(demo: Demo) -> Callable[[str], Browser]:
    """The administrator of a site, logged in once."""
    accounts = {account.site: account for account in demo.accounts() if account.name == ADMINISTRATOR}
    return lru_cache(lambda site: demo.browser(accounts[site]))


@pytest.fixture(scope="session")
def editor(demo: Demo) -> Callable[[str], Browser]:
    """The editor of an organisation of a national catalogue, logged in once."""
    accounts = {each.name: account_of(each, demo.credentials) for each in demo.organizations}
    return lru_cache(lambda organization: demo.browser(accounts[organization]))


@pytest.fixture(scope="session")
def newcomer(demo: Demo, administrator: Callable[[str], Browser]) -> Callable[[str], Browser]:
    """Somebody with an account at the site and in no organisation."""

    def made(site: str) -> Browser:
        account = Account(site, "newcomer", "a-long-word-for-newcomers")
        if account.name not in administrator(site).action("user_list", {"all_fields": False}):
            user = {"name": account.name, "password": account.password, "email": "newcomer@example.org"}
            administrator(site).action("user_create", user)
        return demo.browser(account)

    return lru_cache(made)


@pytest.fixture(scope="session")
def command(demo: Demo) -> Callable[..., str]:
    """Runs `ckan citizendata …` of a site as a person does, and gives what it printed."""

    def run(site: str, *words: str) -> str:
        line = demo.sites.named(site).command("citizendata", *words)
        done = subprocess.run(line, capture_output=True, text=True, env=child_environment(), timeout=120, check=False)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def settled(demo: Demo) -> Callable[[str], None]:
    """Comes back when the catalogue of a site says all that happened."""
    return demo.settle


@pytest.fixture(scope="session")
def harvest(settled: Callable[[str], None], administrator: Callable[[str], Browser]) -> Callable[[str], dict[str, Any]]:
    """Lets the registry's worker harvest what a member's catalogue says by now, and gives the report of that run."""

    def run(member: str) -> dict[str, Any]:
        if member in NAMES:
            settled(member)
        report = run_now(member)
        settled("registry")
        return report

    def run_now(member: str) -> dict[str, Any]:
        registry = administrator("registry")
        before = (registry.action("citizendata_member_show", {"id": member})["last_run"] or {}).get("id", 0)
        registry.action("citizendata_harvest_run", {"id": member})
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            last = registry.action("citizendata_member_show", {"id": member})["last_run"] or {}
            if last.get("id", 0) > before and last["state"] != "running":
                return registry.action("citizendata_harvest_show", {"id": member})
            time.sleep(0.2)
        raise AssertionError(f"the harvest of {member} does not end within {SECONDS} seconds")

    return run


@pytest.fixture(scope="module")
def publish(
    demo: Demo,
    editor: Callable[[str], Browser],
    administrator: Callable[[str], Browser],
    harvest: Callable[[str], dict[str, Any]],
) -> Iterator[Callable[..., dict[str, Any]]]:
    """Publishes a record of an organisation, which is no more when the file's tests are done, here and there."""
    sample = next(each.package for each in demo.records if each.package["name"] == SAMPLE)
    site = {each.name: each.site for each in demo.organizations}
    made: list[tuple[str, str]] = []

    def create(organization: str, name: str, **fields: Any) -> dict[str, Any]:
        texts = {"title_translated": {"en": name}, "notes_translated": {"en": f"About {name}. Invented example."}}
        package = editor(organization).action(
            "package_create", {**sample, **texts, "name": name, "owner_org": organization, **fields}
        )
        made.append((site[organization], package["id"]))
        return editor(organization).action("package_show", {"id": package["id"]})

    yield create
    for home, id_ in made:
        if administrator(home).get(f"/api/3/action/package_show?id={id_}").ok:
            administrator(home).action("dataset_purge", {"id": id_})
    for home in sorted({home for home, _ in made}):
        harvest(home)


@pytest.fixture(scope="session")
def rows(demo: Demo) -> Callable[..., dict[str, list[str]]]:
    """Every row of the tables of a site's database as text, with the transaction that wrote it."""

    def read(site: str, *tables: str) -> dict[str, list[str]]:
        with closing(psycopg2.connect(demo.sites.named(site).addresses.database)) as connection:
            cursor = connection.cursor()
            return {table: _rows(cursor, table) for table in tables}

    return read


def _rows(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        sql.SQL("SELECT {0}.xmin::text || ' ' || {0}::text FROM {0} ORDER BY 1").format(sql.Identifier(table))
    )
    return [row for (row,) in cursor.fetchall()]


@pytest.fixture(scope="session")
def solr(demo: Demo) -> Callable[..., Any]:
    """Asks a site's core directly, past CKAN."""

    def ask(site: str, handler: str = "select", **query: Any) -> Any:
        address = f"{demo.sites.named(site).addresses.solr}/{handler}"
        answer = requests.get(address, params={"wt": "json", **query}, timeout=60)
        answer.raise_for_status()
        return answer.json()

    return ask
