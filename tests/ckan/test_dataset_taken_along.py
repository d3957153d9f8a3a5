"""What a reader of a dataset takes along: the way to its data, a citation, a sheet of paper; and who may have them."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from tests.ckan.dataset_pages import CANARY, TOLD, Make, harvest, part, soup, token


class TestAsking:
    RIGHTS = (
        ("PUBLIC", "Anyone may have the data. No file is shared here, so ask for them."),
        ("RESTRICTED", "The data are given out on request, under conditions."),
        ("NON_PUBLIC", "The data are not given out. You may still ask about them"),
        ("unknown", "Nobody has told yet who may have the data. You can ask."),
    )

    def test_says_what_is_given_out_and_whom_to_ask(self, app: Any, dataset: Make) -> None:
        """With a letter that is begun already, and the page for requests where there is one."""
        letter = "mailto:water@example.org?subject=Request%3A%20Water%20points%20in%20Kibera"
        for rights, sentence in self.RIGHTS:
            dataset(name=rights.lower(), access_rights=rights, access_request_url="https://example.org/request")
            page = soup(app.get(f"/dataset/{rights.lower()}"))
            links = {str(link["href"]).partition("&")[0]: link.get_text() for link in page.select("#access .cd-ask a")}

            assert sentence in part(page, "access")
            assert links == {"https://example.org/request": "Open the page for requests", letter: "water@example.org"}

    def test_says_what_is_at_hand_and_what_is_to_come(self, app: Any, dataset: Make) -> None:
        """With files for anyone nobody has to ask; what opens on a day isn't there before."""
        files = [{"url": "https://files.example.org/a.csv", "name": "All answers"}]
        dataset(name="now", resources=files, embargo_until="2024")
        dataset(name="later", resources=files, embargo_until="2999-05")
        now, later = (part(soup(app.get(f"/dataset/{name}")), "access") for name in ("now", "later"))

        assert "Anyone may have the data: the files are here. All answers" in now
        assert ("Ask about the data" in now, "Say who you are" in now) == (True, False)
        assert "The data can be had from May 2999 on." in later
        assert ("Anyone may have the data" in later, "Say who you are" in later) == (False, True)

    @pytest.mark.ckan_config("ckanext.citizendata.contact", "desk@registry.example.org")
    def test_goes_through_a_catalogue_where_nobody_is_named(self, app: Any, dataset: Make) -> None:
        """This one for its own records, the one that it came from for others."""
        own, other = dataset(name="own"), dataset(name="other")
        for package in (own, other):
            call("package_patch", {"citizendata_projection": True}, id=package["id"], contact=[])
        harvest(other)

        assert "Ask through the catalogue" in part(soup(app.get("/dataset/own")), "access")
        assert "desk@registry.example.org" in part(soup(app.get("/dataset/own")), "access")
        assert "Ask at Ghana's catalogue, which it comes from." in part(soup(app.get("/dataset/other")), "access")


class TestCitation:
    def test_credits_the_community(self, app: Any, dataset: Make) -> None:
        """Beside those who made the data, in the words that it wants."""
        package = dataset(name="water", **TOLD)
        words = part(soup(app.get("/dataset/water")), "cite")

        assert "How the community wants to be named Name us." in words
        assert (
            "Water Watch; Mtaa Committee (2024). Safe at home (version 2.1) [Dataset]. Kibera Mappers. Name us."
            f" {package['uri']}"
        ) in words

    FILES = (
        ("ris", "application/x-research-info-systems; charset=utf-8", "AU  - Mtaa Committee\r\n"),
        ("bib", "application/x-bibtex; charset=utf-8", "{Mtaa Committee}"),
        ("json", "application/vnd.citationstyles.csl+json; charset=utf-8", '"literal": "Mtaa Committee"'),
    )

    def test_is_had_as_a_file(self, app: Any, dataset: Make) -> None:
        """At the address that the page links to, in the language of the page."""
        dataset(name="water", **TOLD)
        links = soup(app.get("/fr/dataset/water")).select("#cite a")
        for (suffix, media_type, has), link in zip(self.FILES, links, strict=True):
            answer = app.get(str(link["href"]), status=200)

            assert answer.headers["Content-Type"] == media_type
            assert answer.headers["Content-Disposition"] == f'attachment; filename="water.{suffix}"'
            assert has in answer.get_data(as_text=True)
            assert "En sécurité chez soi" in answer.get_data(as_text=True)

    def test_knows_its_forms(self, app: Any, dataset: Make) -> None:
        """Another ending is told which there are, whether there is such a record or not."""
        dataset(name="hidden", audience="producer")
        told = {app.get(f"/dataset/{name}/cite.doc", status=404).body for name in ("hidden", "nothing")}
        assert [each for each in told if "ris, bib, json" not in each] == []
        assert len(told) == 1


class TestHidden:
    def test_answers_as_the_page(self, app: Any, dataset: Make, reader: dict, stranger: dict) -> None:
        """404 for a stranger and for what isn't there; own people have it, and no cache keeps it."""
        dataset(name="hidden", audience="producer", title_translated={"en": CANARY})
        factories.Dataset(name="portal", type="portal", owner_org=factories.Organization()["id"])
        mine, others = token(reader), token(stranger)

        for where in ("cite.ris", "cite.bib", "cite.json", "sheet"):
            own = app.get(f"/dataset/hidden/{where}", headers=mine)
            assert (own.status_code, CANARY in own.body) == (200, True), where
            assert "public" not in own.headers.get("Cache-Control", ""), where
            refused = [app.get(f"/dataset/{name}/{where}", headers=others) for name in ("hidden", "nothing", "portal")]
            assert [(each.status_code, CANARY in each.body) for each in refused] == [(404, False)] * 3, where

    def test_is_nobodys_relative(self, app: Any, dataset: Make, editor: dict) -> None:
        """Of two records about the same people the hidden one is named on no page, not even to own people."""
        dataset(name="water", **TOLD)
        dataset(name="hidden", **{**TOLD, "title_translated": {"en": CANARY}}, audience="producer")
        gone = dataset(name="gone", **{**TOLD, "title_translated": {"en": CANARY}})
        assert CANARY in part(soup(app.get("/dataset/water")), "related")
        call("citizendata_record_withdraw", id=gone["id"])

        assert soup(app.get("/dataset/water")).find(id="related") is None
        assert CANARY not in app.get("/dataset/water", headers=token(editor)).body


class TestSheet:
    def test_holds_what_a_reader_takes_along(self, app: Any, dataset: Make) -> None:
        """Title, people, limits, how to ask, how to cite, and the address of the page as code and as text."""
        dataset(name="water", **TOLD)
        page = soup(app.get("/fr/dataset/water/sheet"))
        words = page.get_text(" ", strip=True)

        assert all(each in words for each in ("En sécurité chez soi", "Peu de femmes rurales.", "water@example.org"))
        assert "http://test.ckan.net/fr/dataset/water" in words
        assert page.select_one(".cd-sheet-code svg path")
        assert page.select_one("link[rel=canonical]")["href"] == "http://test.ckan.net/fr/dataset/water"  # type: ignore[index]
        assert not page.select("header, footer, nav")
