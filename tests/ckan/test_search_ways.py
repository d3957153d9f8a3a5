"""The ways on from a search: a table, suggestions while somebody types, and what to do where nothing is found."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

SITE = "http://test.ckan.net"
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def records(dataset: Make) -> None:
    """Two records for everyone, and one for its producer alone."""
    dataset(
        name="water",
        title_translated={"en": "=Water, counted", "fr": "L'eau comptée"},
        population_group=["women", "persons_with_disabilities"],
        sdg_goal=["6"],
    )
    dataset(name="wells", title_translated={"ar": "آبار المياه"}, country=["GHA"])
    dataset(name="hidden", title_translated={"en": "Watering places"}, country=["NPL"], audience="producer")


def _rows(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text.removeprefix("\ufeff")))]


def _page(app: Any, address: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(address, status=200).text, "html.parser")


def _suggested(app: Any, typed: str, language: str = "en", **options: Any) -> list[tuple[str, ...]]:
    answer = app.get(f"/{language}/search/suggest", query_string={"q": typed}, status=200, **options)
    assert "private" in answer.headers["Cache-Control"]
    return [(each["label"], each["kind"], each["address"]) for each in answer.json]


@pytest.mark.usefixtures("records")
class TestTable:
    def test_says_what_everyone_finds(self, app: Any, editor: dict[str, Any]) -> None:
        """In the reader's words, whoever reads; no spreadsheet takes a text for a formula."""
        answer = app.get("/feed/search.csv", headers={"Authorization": editor["name"]}, status=200)
        wells, water = _rows(answer.text)[1:]

        assert answer.text.startswith("\ufeffTitle,Published by,Country,Groups of people,Sustainable Development Goals")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert water == [
            "'=Water, counted",
            "Kibera Mappers",
            "Kenya",
            "Women; Persons with disabilities",
            "Clean water and sanitation",
            "2023 – 2024",
            "Anyone",
            f"{SITE}/dataset/water",
        ]
        assert wells[:3] == ["آبار المياه", "Kibera Mappers", "Ghana"]
        assert _rows(app.get("/fr/feed/search.csv?q=counted").text)[1][0] == "L'eau comptée"

    def test_says_in_itself_what_is_missing(self, app: Any) -> None:
        """Who counts lines knows that there are more; a number that can't be used is named."""
        head, wells, rest = _rows(app.get("/feed/search.csv?rows=1", status=200).text)

        assert (wells[0], len(rest)) == ("آبار المياه", len(head))
        assert rest[0] == "Only the first 1 of 2 datasets are in this table."
        assert len(_rows(app.get("/feed/search.csv?rows=2", status=200).text)) == 3
        for wrong in ("0", "-1", "10001", "ten", "1.5", "١"):
            assert "rows" in app.get("/feed/search.csv", query_string={"rows": wrong}, status=400).text

    def test_the_page_leads_to_table_and_feed(self, app: Any) -> None:
        """Both mean what the page means: any choice of one list, and the years."""
        page = _page(app, "/dataset/?q=counted&vocab_country=KEN&vocab_country=GHA&ext_to=2023&ext_from=2020")
        table, feed = (page.select_one(f'.cd-line a[href*="search.{kind}"]') for kind in ("csv", "atom"))
        assert table is not None and feed is not None
        asked = [parse_qs(urlparse(str(link["href"])).query) for link in (table, feed)]

        assert asked[0] == asked[1]
        assert asked[0]["fq"][0].startswith('vocab_country:("KEN" OR "GHA") reference_end_date:[2020')
        assert [row[-1] for row in _rows(app.get(str(table["href"])).text)[1:]] == [f"{SITE}/dataset/water"]

    def test_an_organisation_has_its_own(self, app: Any, organization: dict[str, Any]) -> None:
        """Its page has the same lists to choose from, and leads to its own records alone."""
        page = _page(app, f"/organization/{organization['name']}?vocab_country=KEN&vocab_country=GHA")
        table = page.select_one('.cd-line a[href*="search.csv"]')

        assert len(page.select(".dataset-heading")) == 2
        assert table is not None
        assert f'organization:"{organization["name"]}"' in parse_qs(urlparse(str(table["href"])).query)["fq"][0]

    def test_a_wrong_search_is_a_sentence(self, app: Any) -> None:
        """As of the feed."""
        assert "q or fq" in app.get("/feed/search.csv?q=title:[", status=400).text


@pytest.mark.usefixtures("records")
class TestSuggestions:
    def test_begin_as_somebody_typed(self, app: Any) -> None:
        """Codes that have data lead to their choice, titles to their page."""
        people = ("Persons with disabilities", "Groups of people", "/en/dataset/?vocab_population_group=persons_with")

        assert _suggested(app, "disabled")[0] == (*people[:2], f"{people[2]}_disabilities")
        assert ("=Water, counted", "Dataset", "/en/dataset/water") in _suggested(app, "wat")
        assert ("L'eau comptée", "Jeu de données", "/fr/dataset/water") in _suggested(app, "COMPTEE", "fr")
        assert ("آبار المياه", "Dataset", "/en/dataset/wells") in _suggested(app, "آبار")
        assert ("Ghana", "Country", "/en/dataset/?vocab_country=GHA") in _suggested(app, "gha")

    @pytest.mark.parametrize("typed", ["", "w", "Nepal", "watering", "a" * 101, '"', "zz* [", "zz:a\\", "㈱™"])
    def test_nothing_is_suggested(self, app: Any, typed: str) -> None:
        """Too little, too much, what nobody may see, what means something to the search engine."""
        assert _suggested(app, typed) == []


@pytest.mark.usefixtures("records")
class TestYears:
    def test_a_wrong_year_is_told_beside_its_box(self, app: Any) -> None:
        """What was typed stays there, and nothing else is lost."""
        page = _page(app, "/dataset/?q=water&vocab_country=KEN&ext_from=20x&ext_to=2024&sort=title_string+asc")
        box = page.select_one("#ext_from")
        assert box is not None
        form = box.find_parent("form")
        assert form is not None

        assert (box["value"], box["aria-describedby"]) == ("20x", "ext_from-wrong")
        assert "four figures" in page.select("#ext_from-wrong")[0].text
        assert {field["name"]: field["value"] for field in form.select("input")} == {
            "ext_from": "20x",
            "ext_to": "2024",
            "q": "water",
            "vocab_country": "KEN",
            "sort": "title_string asc",
        }

    def test_the_years_are_a_pill(self, app: Any) -> None:
        """It can be taken away with one click."""
        pill = _page(app, "/dataset/?q=water&ext_from=2020&ext_to=2024").select(".cd-pills a")[-1]

        assert "2020 – 2024" in pill.text
        assert pill["href"] == "/dataset/?q=water"


class TestNothingFound:
    def test_says_what_comes_near(self, app: Any, records: None) -> None:  # noqa: ARG002
        """With what was perhaps meant, as a link that keeps all else."""
        page = _page(app, "/dataset/?q=countde&vocab_country=KEN")
        near, meant = page.select(".cd-near")

        assert near.text.startswith("Within these filters nothing has all of “countde”. These come near.")
        assert near.select_one("a")["href"] == "/dataset/?q=countde"
        assert [link["href"] for link in meant.select("a")] == ["/dataset/?vocab_country=KEN&q=counted"]
        assert len(page.select(".dataset-heading")) == 1

    def test_is_no_dead_end(self, app: Any, records: None) -> None:  # noqa: ARG002
        """Links lead to fewer filters, to who is counted, and to the first question of a record."""
        page = _page(app, "/dataset/?q=zeppelin&vocab_country=KEN")
        links = [link["href"] for link in page.select(".cd-nothing a")]

        assert links == ["/dataset/?q=zeppelin", "/dataset/?vocab_country=KEN", "/coverage", "/dataset/quick"]
        assert page.select("[role=status] h1")[0].text == "Nothing found"

    @pytest.mark.parametrize("asked", ["q=title:[", "q=water&vocab_country={!join}"])
    def test_a_search_that_is_not_understood(self, app: Any, records: None, asked: str) -> None:  # noqa: ARG002
        """Is told as such, with a way on: nobody is asked to try the same again."""
        page = _page(app, f"/dataset/?{asked}")

        assert "be understood" in page.select("[role=status] h1")[0].text
        assert [link["href"] for link in page.select(".cd-near a")] == ["/dataset/"]

    def test_nor_on_the_page_of_an_organisation(self, app: Any, organization: dict[str, Any]) -> None:
        """For which CKAN gives no lists then."""
        page = _page(app, f"/organization/{organization['name']}?q=title:[")

        assert "be understood" in page.select("[role=status] h2")[0].text
        assert [link["href"] for link in page.select(".cd-near a")] == [f"/organization/{organization['name']}"]

    def test_the_search_is_out_of_order(self, app: Any, organization: dict[str, Any], monkeypatch: Any) -> None:
        """Pages with a list say so; the front page shows all else."""
        factories.Group(name="rivers")
        pages = (
            "/dataset/?q=water",
            f"/organization/{organization['name']}",
            "/organization/",
            "/group/rivers",
            "/group/",
        )
        for address in (*pages, "/"):
            assert app.get(address, status=200), address
        monkeypatch.setitem(tk.config, "solr_url", "http://127.0.0.1:1/solr/away")

        for address in pages:
            assert "The search is out of order" in app.get(address, status=503).text, address
        assert app.get("/", status=200)

    def test_the_search_engine_answers_with_an_error(
        self, app: Any, organization: dict[str, Any], monkeypatch: Any
    ) -> None:
        """As while it starts: that is told in the same words."""
        monkeypatch.setitem(tk.config, "solr_url", f"{tk.config['solr_url']}-nowhere")

        for address in ("/organization/", "/dataset/?q=water", f"/organization/{organization['name']}"):
            assert "The search is out of order" in app.get(address, status=503).text, address

    def test_a_query_at_fault_is_no_engine_that_is_away(self, app: Any) -> None:
        """Asking again in a few seconds wouldn't help."""
        for address in ("/feeds/custom.atom?q=title:[", "/feeds/custom.atom?q={!lucene}water"):
            assert "can't be understood" in html.unescape(app.get(address, status=400).text), address

    def test_a_page_after_the_last_leads_there(self, app: Any, records: None) -> None:  # noqa: ARG002
        """An old address of a longer list is no dead end."""
        page = _page(app, "/dataset/?q=counted&page=9")
        (link,) = page.select(".cd-near a")

        assert link.text == "There is no page 9; the last one is 1."
        assert link["href"] == "/dataset/?q=counted&page=1"
