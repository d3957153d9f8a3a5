"""Catalogues of other kinds, and what a person is told of one before it is added."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.harvesting import jobs
from ckanext.citizendata.model import finding, record
from tests.generation.stock_site import StockSite, stock_package, stock_site

from .conftest import Report, Server, counts, dataset, feed, iris, listing
from .test_harvest import A, B, everything_written, titles

Member = Callable[..., str]
Harvest = Callable[..., Report]
Command = Callable[..., Result]
DCAT_US = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [{"title": "Wells"}]}
WEB_PAGE = b"<!DOCTYPE html><html><head></head><body>Data</body></html>"


@pytest.fixture
def site() -> Iterator[StockSite]:
    with stock_site(*map(stock_package, range(130))) as running:
        yield running


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words: CliRunner().invoke(citizendata, words)


@pytest.fixture
def probe(command: Command) -> Callable[[str], list[str]]:
    """What a person reads about an address, line by line."""

    def run(url: str) -> list[str]:
        done = command("member", "probe", url)
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    return run


@pytest.mark.usefixtures("registry")
class TestCkan:
    def test_is_harvested_as_any_other(self, site: StockSite, member: Member, harvest: Harvest) -> None:
        """Published, unchanged, changed, and removed on evidence alone."""
        name = member("kenya", f"{site.address}/", kind="ckan")
        assert counts(harvest(name)) == {"added": 130}
        shown = call_action("package_search", q='title:"Wells 7"', rows=1)["results"][0]
        assert shown["uri"] == f"{site.address}/dataset/{stock_package(7)['id']}"
        assert shown["contact"] == [{"name": "Water desk", "email": "water@example.org"}]
        (file,) = shown["resources"]
        assert (file["url"], file["license"], file["size"]) == ("https://files.example.org/7.csv", "CC0", 2048)

        before = everything_written()
        assert counts(harvest(name)) == {"unchanged": 130}
        assert everything_written() == before

        site.packages = [stock_package(0, title="Clean wells"), *site.packages[1:-1]]
        assert counts(harvest(name)) == {"changed": 1, "unchanged": 128, "missing": 1}
        assert counts(harvest(name, days=2)) == {"unchanged": 129, "removed": 1}
        assert "Clean wells" in titles_of(site)

    def test_that_changes_meanwhile_proves_nothing(self, site: StockSite, member: Member, harvest: Harvest) -> None:
        """What was stepped over isn't missing; the note says why."""
        name = member("kenya", site.address, kind="ckan")
        harvest(name)
        asked = site.searches
        site.before = lambda searches: site.packages.pop(0) if searches == asked + 1 else None
        report = harvest(name)
        assert counts(report).keys() == {"unchanged"}
        assert "changed while it was read" in " ".join(note.message for note in report.notes)

    def test_that_is_broken_changes_nothing(self, site: StockSite, member: Member, harvest: Harvest) -> None:
        """Emptied, refusing, or answering something else."""
        name = member("kenya", site.address, kind="ckan")
        harvest(name)
        before = everything_written()
        kept, site.packages = site.packages, []
        assert "lists no dataset any more" in str(harvest(name).reason)
        site.packages = kept
        site.language = None
        site.pages["/api/3/action/status_show"] = ("application/json", b"{")
        assert harvest(name).state == "failed"
        assert everything_written() == before

    def test_values_that_are_hostile_cost_themselves(self, site: StockSite, member: Member, harvest: Harvest) -> None:
        """The dataset is published with what is left, and so are the others."""
        script = {"id": "x", "url": "javascript:alert(1)", "name": "<script>"}
        odd = stock_package(1, url="javascript:alert(1)", notes={"en": 5}, tags="tap", maintainer_email="<x>\n")
        site.packages = [{**odd, "resources": [script, None, *odd["resources"]]}, stock_package(2)]
        site.packages += [stock_package(3, private=True), {"title": "Nameless"}, stock_package(4, title=None, name=[])]
        report = harvest(member("kenya", site.address, kind="ckan"))
        assert counts(report)["added"] == 3
        assert "javascript" not in json.dumps([call_action("package_search")["results"]])
        assert "Wells 3" not in titles()
        assert "neither an id nor an address" in " ".join(note.message for note in report.notes)

    def test_real_answers_of_ckan_are_understood(
        self, server: Server, site: StockSite, member: Member, harvest: Harvest, app: CKANTestApp
    ) -> None:
        """This site's own CKAN as the source: what its API tells is harvested, under addresses of its site."""
        theme = f"<{A}> dcat:theme <https://themes.example.org/w> ."
        harvest(member("ghana", server.turtle("/c.ttl", feed(iris(3), dataset(A, "Water", theme)))))
        answer = json.loads(app.get("/api/3/action/package_search?q=*:*&sort=id+asc").body)
        site.packages = answer["result"]["results"]
        report = harvest(member("kenya", site.address, kind="ckan"))
        assert counts(report) == {"added": 4}, report
        copies = [row for each in site.packages for row in record.by_iri(f"{site.address}/dataset/{each['id']}")]
        assert len(copies) == 4
        assert any('"Water"@en' in row.fragment and f'"{A}"' in row.fragment for row in copies)


def titles_of(site: StockSite) -> list[str]:
    found = tk.get_action("package_search")(tk.fresh_context({"user": ""}), {"rows": len(site.packages)})
    return [package["title"] for package in found["results"]]


class TestAdd:
    def test_finds_out_how_it_is_read(self, site: StockSite, server: Server, command: Command) -> None:
        """By one look, unless somebody says it or the address does."""
        done = command("member", "add", "kenya", f"{site.address}/api/3/action/package_search")
        assert "It is read by CKAN's API." in done.output
        assert "Read by:          CKAN's API" in command("member", "show", "kenya").output
        command("member", "add", "ghana", server.turtle("/data", feed(iris(1))))
        assert call_action("citizendata_member_show", id="ghana")["kind"] == "dcat"

    def test_names_the_feed_behind_a_web_page(self, server: Server, command: Command) -> None:
        """Nothing is added under an address that can't be read."""
        server.turtle("/catalog.ttl", feed(iris(1)))
        done = command("member", "add", "kenya", server.serve("/", WEB_PAGE, "text/html"))
        assert done.exit_code == 1
        assert f"the catalogue's DCAT is at {server.address}/catalog.ttl: add that address" in done.output

    def test_refuses_a_kind_that_there_is_not(self, registry: None) -> None:  # noqa: ARG002
        """With those that there are."""
        with pytest.raises(tk.ValidationError) as caught:
            call_action("citizendata_member_create", id="kenya", url="https://x.example.org/", kind="oai")
        assert "choose one of: dcat, ckan, citizendata, auto" in str(caught.value)


class TestProbe:
    def test_tells_all_of_a_feed(self, server: Server, probe: Callable[[str], list[str]]) -> None:
        """Kind, size, addresses, languages, what would be kept out and why, and what adds it; nothing is written."""
        before = everything_written()
        url = server.turtle("/c.ttl", feed([*iris(4), B]) + listing(B, "2026-01-01T00:00:00Z", "national"))
        lines = probe(url)
        assert lines[:4] == [
            f"{url}: DCAT in RDF, Turtle, one file",
            "The whole of it was read (1 page): 5 datasets",
            "With an address that tells them apart: 5, beginning with https://node.example.org/dataset/ (5)",
            "Texts by language: en 10",
        ]
        assert lines[4] == "A harvest would make of them: 4 added, 1 held"
        assert any("The feed says that it isn't for everyone (national)" in line for line in lines)
        added = f"ckan citizendata member add 127-0-0-1 {url} --prefix https://node.example.org/dataset/"
        assert lines[-1] == f"Add it with: {added}"
        assert everything_written() == before
        assert server.seen == ["/c.ttl"]

    def test_reads_the_first_pages_alone(self, server: Server, probe: Callable[[str], list[str]]) -> None:
        """In either form of hydra, as many as are asked for."""
        for number, name in enumerate(("next", "nextPage", "next", "next", "next"), 1):
            link = f"<{server.address}/{number}> hydra:{name} <{server.address}/{number + 1}> ; hydra:totalItems 900 ."
            server.turtle(f"/{number}", feed([f"https://node.example.org/dataset/{number}"], link))
        lines = probe(f"{server.address}/1")
        assert "Turtle, pages, by hydra:next" in lines[0]
        assert lines[1] == "Only the beginning was read (3 pages): 3 datasets, of 900 that it says it has"
        assert "A harvest would make of them: 3 added" in lines
        assert "/4" not in server.seen

    def test_recognises_a_ckan(self, site: StockSite, command: Command) -> None:
        """From any address of it; the command says how it is read."""
        site.pages["/"] = ("text/html", WEB_PAGE)
        found = json.loads(command("member", "probe", f"{site.address}/", "--json").stdout)
        assert (found["kind"], found["claimed"], found["datasets"], found["whole"]) == ("ckan", 130, 130, True)
        assert found["counts"]["added"] == 130
        assert found["command"] == f"ckan citizendata member add 127-0-0-1 {site.address}/ --kind ckan"
        assert found["items"][0]["title"].startswith("Wells")

    def test_says_what_is_there_instead(self, server: Server, command: Command) -> None:
        """The address, the reason, and an exit code; the same gate as a harvest's."""
        turtle = "text/turtle"
        pages = {
            ("/data.json", json.dumps(DCAT_US).encode(), "application/json"): "this is DCAT-US (data.json)",
            ("/about", WEB_PAGE, "text/html"): "neither a link to its DCAT nor CKAN's API was found there",
            ("/x.ttl", b"<a> <b> ", turtle): "line 1",
            ("/e.ttl", b"", turtle): "the answer is empty",
            ("/n.ttl", b"<https://a.example.org/> a <a:b> .", turtle): "neither a catalogue nor a dataset",
        }
        said = {server.serve(*page): words for page, words in pages.items()}
        said |= {"ftp://x.example.org/": "only addresses that begin with http://", "no address": "only addresses that"}
        said |= {"http://10.1.2.3/c.ttl": "rejected(ssrf)", f"{server.address}/gone": "answers 404"}
        for url, words in said.items():
            done = command("member", "probe", url)
            assert (done.exit_code, url in done.output) == (1, True)
            assert words in done.output

    def test_knows_the_members(self, server: Server, member: Member, command: Command) -> None:
        """Of one that is a member already a plan says more; of another on its server, what may be its own."""
        url = server.turtle("/c.ttl", feed(iris(1)))
        member("kenya", url)
        lines = command("member", "probe", url).stdout.splitlines()
        assert lines[-2:] == [
            "It is a member already: kenya",
            "See what a harvest would do with: ckan citizendata harvest plan kenya",
        ]

    def test_is_for_the_staff_alone(self, registry: None) -> None:  # noqa: ARG002
        """It fetches whatever it is told to."""
        with pytest.raises(tk.NotAuthorized):
            tk.get_action("citizendata_member_probe")(tk.fresh_context({"user": ""}), {"url": "https://x.example.org/"})
        with pytest.raises(tk.ValidationError) as caught:
            call_action("citizendata_member_probe", url="https://x.example.org/", pages="all")
        assert "'all' is no number of pages" in str(caught.value)


class TestFindings:
    def test_are_asked_once_about_what_changed(
        self, server: Server, member: Member, harvest: Harvest, command: Command
    ) -> None:
        """The record is shown all the same; of what says the same as before nothing is asked again."""
        name = member("kenya", server.turtle("/c.ttl", feed([B])))
        harvest(name)
        assert "1 others weren't asked about since they changed" in command("harvest", "findings", name).output
        said = command("harvest", "findings", name, "--now").stdout
        assert f"{B}  Title of et/b" in said
        assert "  error  " in said
        assert said.endswith("The shapes have something to say about 1 records.\n")
        found = call_action("citizendata_finding_list", id=name)
        assert found["waiting"] == 0
        assert found["records"][0]["findings"][0].keys() == {"path", "code", "message", "severity"}

        server.turtle("/c.ttl", feed([B, iris(1)[0]]))
        harvest(name)
        assert call_action("citizendata_finding_list", id=name)["waiting"] == 1
        jobs.ask_shapes(name)
        assert call_action("citizendata_finding_list", id=name)["waiting"] == 0
        assert finding.of_authority("member:kenya", "another version", "", 10) == []
