"""The page of a dataset: what a reader understands of it at a glance and in full, in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.custody import Hop
from ckanext.citizendata.local.settings import free_port
from tests.ckan.conftest import COMPLETE
from tests.ckan.dataset_pages import TOLD, Make, harvest, part, soup, token

# Names, and words that are the same in French.
SAME = {
    "Turtle", "RDF/XML", "JSON-LD", "RIS", "BibTeX", "CSL-JSON", "Water desk", "Kibera Mappers", "Test catalogue",
    "12,500.5 USD", "Conditions", "Discrimination", "Kenya", "Licence:", "Type", "Version",
}  # fmt: skip


class TestParts:
    def test_come_in_the_order_in_which_readers_ask(self, app: Any, dataset: Make) -> None:
        """Each has a heading in words, and the list above leads to it."""
        dataset(name="water", **TOLD)
        page = soup(app.get("/dataset/water"))
        headings = [each.get_text(strip=True) for each in page.select(".cd-dataset section > h2")]
        anchors = [str(link["href"])[1:] for link in page.select(".cd-contents a")]

        assert headings[:8] == [
            "What the data are", "Whose data they are", "When and where", "Who is represented",
            "How the data were made", "What the data can't tell", "How to get the data", "How the data were used",
        ]  # fmt: skip
        assert anchors == [section["id"] for section in page.select(".cd-dataset section")]

    def test_a_missing_answer_is_named(self, app: Any, dataset: Make) -> None:
        """In words, where readers look for it; that no limits are told doesn't pass for none."""
        dataset(name="water")
        page = soup(app.get("/dataset/water"))

        assert "Not told yet: Groups of people" in part(page, "people")
        assert "Not told yet: Limits and cautions" in part(page, "limits")
        assert "does not mean that there are none" in part(page, "limits")

    def test_what_decides_stands_above(self, app: Any, dataset: Make) -> None:
        """When, where, whom, how and who may have it, before anything else."""
        dataset(name="water", **TOLD)
        glance = soup(app.get("/dataset/water")).select_one(".cd-glance")

        assert glance is not None
        words = glance.get_text(" ", strip=True)
        assert all(each in words for each in ("2023 – 2024", "Egypt", "Women", "photo", "Under conditions")), words

    def test_has_no_english(self, app: Any, dataset: Make, editor: dict) -> None:
        """No text in French or Arabic is the same in English, with every question answered, but for the answers."""
        full = every_answer()
        dataset(name="water", **full)
        dataset(name="other", **TOLD)
        headers, own = token(editor), {*_strings(COMPLETE), *_strings(full), *_strings(TOLD), *SAME}

        for address in ("/dataset/water", "/dataset/water/sheet"):
            english = _told(app.get(address, headers=headers))
            for language in ("fr", "ar"):
                shared = _told(app.get(f"/{language}{address}", headers=headers)) & english
                words = {text for text in shared - own if re.search("[a-zA-Z]{3}", text)}
                assert {text for text in words if not re.search(r"[/@.;]", text)} == set(), language


def every_answer() -> dict[str, Any]:
    """A record in which each open question is answered, of the examples that show how each is written."""
    found: dict[str, Any] = {}
    for example in sorted((Path(__file__).parents[1] / "data" / "pairs" / "fields").glob("*.json")):
        found |= json.loads(example.read_text(encoding="utf-8"))["package"]
    kept = {name: value for name, value in found.items() if name not in {*COMPLETE, "publisher", "uri", "lc_label"}}
    return {**kept, "integration_status": "integrated"}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _told(answer: Any) -> set[str]:
    """All texts of the page itself, those for screen readers included."""
    page = soup(answer)
    told: set[str] = set()
    for found in page.select("[role=main], .secondary, main"):
        told |= {" ".join(text.split()) for text in found.stripped_strings}
        told |= {str(each["aria-label"]) for each in found.select("[aria-label]")}
    return told


class TestParticipation:
    def test_is_a_picture_and_words(self, app: Any, dataset: Make) -> None:
        """Four of five, none of five, and what nobody told; a screen reader gets it in a sentence."""
        dataset(name="water", **TOLD)
        page = soup(app.get("/dataset/water"))
        picture = page.select_one("#making svg")

        assert picture is not None
        assert (len(picture.select(".cd-step-on")), len(picture.select(".cd-step-off"))) == (4, 6)
        assert picture["role"] == "img"
        assert picture["aria-label"] == (
            "How far people decided at each step, from 0 to 5: 2 Design: 4 of 5; 3 Collection: 0 of 5"
        )
        words = part(page, "making")
        assert "2. Design : Collaborating (4 of 5) Women" in words.replace("Design:", "Design :")
        assert "Not told yet: 1. Deciding what is needed" in words

    def test_begins_where_the_reader_begins(self, app: Any, dataset: Make) -> None:
        """From the right in Arabic: the first step stands where the last one stands in English."""
        dataset(name="water", **TOLD)
        first, last = (
            [str(each["x"]) for each in soup(app.get(f"{where}/dataset/water")).select("#making svg text")]
            for where in ("", "/ar")
        )
        assert first == last[::-1]
        assert float(first[0]) < float(first[-1])


class TestQuality:
    def test_tells_reasons_and_no_grade(self, app: Any, dataset: Make) -> None:
        """What is told of each thing that decides, and what isn't; advice is for those who can follow it."""
        dataset(name="water", **TOLD)
        words = part(soup(app.get("/dataset/water")), "quality")

        assert "Who is represented: partly told ✓ Told: Groups of people ○ Not told yet: The people in words" in words
        assert "whether they fit is for each reader to judge" in words
        assert "What would help readers most" not in words

    def test_advises_own_people(self, app: Any, dataset: Make, editor: dict) -> None:
        """Three questions, those that every record needs first, each with the way to answer it."""
        dataset(name="water")
        page = soup(app.get("/dataset/water", headers=token(editor)))
        links = [str(link["href"]) for link in page.select("#quality .cd-closed a")]

        assert links == [
            f"/dataset/edit/water#field-{name}" for name in ("population_group", "engagement", "collection_mode")
        ]


class TestRelated:
    def test_is_about_the_same_people(self, app: Any, dataset: Make) -> None:
        """Those in the same country first, with what they share; the record itself and others aren't."""
        dataset(name="water", **TOLD)
        titled = {name: {"title_translated": {"en": name.title()}} for name in ("near", "far", "else")}
        dataset(name="far", **{**TOLD, **titled["far"], "country": ["KEN"]})
        dataset(name="near", **{**TOLD, **titled["near"]})
        dataset(name="else", **titled["else"], country=["EGY"], population_group=["children"])

        page = soup(app.get("/dataset/water"))
        assert [link.get_text() for link in page.select("#related a")] == ["Near", "Far"]
        assert "Also about: Women · Persons with disabilities" in part(page, "related")

    def test_none_while_the_search_is_out_of_order(
        self, app: Any, dataset: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page stands without them."""
        dataset(name="water", **TOLD)
        monkeypatch.setitem(tk.config, "solr_url", f"http://127.0.0.1:{free_port()}/solr/nobody")
        page = soup(app.get("/dataset/water", status=200))

        assert not page.select("#related")


class TestWay:
    def test_leads_from_the_community_to_this_page(self, app: Any, dataset: Make) -> None:
        """Who are the people, who made the data and published them."""
        dataset(name="water", **TOLD)
        way = part(soup(app.get("/dataset/water")), "way")

        assert "The community: Mtaa Committee (Community that the data come from) Made by: Water Watch" in way
        assert "Published by: Kibera Mappers Listed here: Test catalogue" in way

    def test_names_each_catalogue_on_the_way(self, app: Any, dataset: Make) -> None:
        """The nearest by the name that it has here; of the address of its feed its server alone."""
        hops = (Hop("https://kumasi.example.org/", "2026-01-02T00:00:00Z"),
                Hop("https://gh.example.org/", "2026-01-05T10:00:00Z"))  # fmt: skip
        harvest(dataset(name="water", **TOLD), *hops)
        page = soup(app.get("/dataset/water"))

        assert (
            "Listed by: kumasi.example.org January 2, 2026 Listed by: Ghana's catalogue January 5, 2026 Collected here:"
        ) in part(page, "way")
        assert "secret" not in page.get_text()


class TestWeight:
    # With two questions to the index; before, it was one and 57.
    MOST = {"own": 30, "harvested": 31}

    @pytest.mark.parametrize("whose", ["own", "harvested"])
    def test_asks_the_services_seldom(
        self, app: Any, dataset: Make, monkeypatch: pytest.MonkeyPatch, whose: str
    ) -> None:
        """A visitor's page takes two questions to the index, and few to the database."""
        package = dataset(name="water", **TOLD)
        if whose == "harvested":
            harvest(package)
        app.get("/dataset/water")
        searches: list[str] = []
        search = pysolr.Solr.search

        def counted(self: Any, q: str, **parameters: Any) -> Any:
            searches.append(q)
            return search(self, q, **parameters)

        monkeypatch.setattr(pysolr.Solr, "search", counted)
        with _statements() as statements:
            app.get("/dataset/water", status=200)

        assert len(searches) == 2, searches
        assert len(statements) <= self.MOST[whose], json.dumps(statements, indent=1)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """The SQL that the database is sent within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        sent.append(" ".join(statement.split())[:120])

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)
