"""Every kind of question in the form: nothing is lost by opening and saving it, and the page reads as text."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic import site_model

from .full_form import answers, full_package, lasting

Signed = Callable[[dict[str, Any]], dict[str, str]]
PROFILE = {
    "name": "umoja",
    "title": "Umoja data desk",
    "producer_kind": "community_organisation",
    "country": ["KEN"],
    "contact": [{"name": "Umoja desk", "email": "desk@example.org"}],
    "community": [{"name": "Residents of Makina"}],
    "homepage": "https://example.org/umoja",
}


@pytest.fixture
def signed() -> Signed:
    """The headers by which a user's request is known."""
    return lambda user: {"Authorization": factories.APIToken(user=user["name"])["token"]}


@pytest.fixture
def full() -> dict[str, Any]:
    """An answer to every question that the form asks."""
    return full_package()


def _soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestForm:
    def test_saving_unchanged_changes_nothing(
        self, app: Any, editor: dict, dataset: Callable[..., dict], signed: Signed, full: dict[str, Any]
    ) -> None:
        """Every answer stands in the form and comes back as it was, whatever its kind."""
        before = dataset(**full)
        page = _soup(app.get("/dataset/edit/full", headers=signed(editor)))
        answer = app.post("/dataset/edit/full", data=answers(page), headers=signed(editor), follow_redirects=False)
        after = call("package_show", id="full")

        assert answer.status_code == 302, _soup(answer).select_one(".cd-errors")
        files = [lasting(each.pop("resources")[0]) for each in (before, after)]
        assert files[0] == files[1]
        assert lasting(after) == lasting(before)

    def test_an_error_loses_nothing(
        self, app: Any, editor: dict, dataset: Callable[..., dict], signed: Signed, full: dict[str, Any]
    ) -> None:
        """The same answers stand in the form again, the wrong one too, and its sections are open."""
        dataset(**full)
        page = _soup(app.get("/dataset/edit/full", headers=signed(editor)))
        sent = answers(page) | {"response_rate": ["much"], "save": ["publish"]}
        answer = app.post("/dataset/edit/full", data=sent, headers=signed(editor))
        again = _soup(answer)
        box = again.select_one("#field-response_rate")

        assert answer.status_code == 422
        assert answers(again) == {name: values for name, values in sent.items() if name != "save"}
        assert box is not None
        assert all(parent.has_attr("open") for parent in box.find_parents("details"))

    def test_counts_the_answers_of_each_section(self, app: Any, editor: dict, signed: Signed) -> None:
        """Twelve sections at most, each folded, none of them answered in a new form."""
        page = _soup(app.get("/dataset/new", headers=signed(editor)))
        counts = [box.get_text(strip=True) for box in page.select(".cd-group > summary .cd-count")]

        assert len(counts) == 12
        assert all(re.fullmatch(r"0 of \d+ answered", count) for count in counts)
        assert page.select(".cd-group[open]") == []

    def test_every_question_has_a_label_and_help(self, app: Any, editor: dict, signed: Signed) -> None:
        """Each box is named for those who hear the page, ids are single, and lists that it points to are there."""
        page = _soup(app.get("/dataset/new", headers=signed(editor)))
        boxes = page.select("form.cd-form :is(input:not([type=hidden]), select, textarea)")
        labelled = {label["for"] for label in page.select("form.cd-form label[for]")}
        ids = [str(box["id"]) for box in page.select("form.cd-form [id]")]
        described = {id_ for box in page.select("[aria-describedby]") for id_ in str(box["aria-describedby"]).split()}

        assert [box for box in boxes if box.get("id") not in labelled and not box.get("aria-label")] == []
        assert sorted({each for each in ids if ids.count(each) > 1}) == []
        assert described <= set(ids)
        assert {str(box["list"]) for box in page.select("[list]")} <= set(ids)

    def test_stays_light(self, app: Any, editor: dict, signed: Signed) -> None:
        """A slow line gets the whole form in one go: under 100 kilobytes as it travels."""
        body = app.get("/dataset/new", headers=signed(editor)).body

        assert len(gzip.compress(body.encode())) < 100_000


class TestPage:
    def test_reads_as_text(self, app: Any, dataset: Callable[..., dict], full: dict[str, Any]) -> None:
        """No field name, code, address or notation of a program stands on it, links and the citation aside."""
        dataset(**full)
        main = _soup(app.get("/dataset/full")).select_one("[role=main]")
        assert main is not None
        # A citation has its address, and says in brackets what it is that it cites.
        for link in main.select("a, .cd-citation"):
            link.decompose()
        words = main.get_text(" ", strip=True)

        assert not re.search(r"\w+_\w+|https?://|[\[\]{}]|\bNone\b", words)
        assert "12.5%" in words
        assert "Working labels" in words

    def test_links_lead_only_to_web_addresses(
        self, app: Any, dataset: Callable[..., dict], full: dict[str, Any]
    ) -> None:
        """Whatever a description holds, nothing on the page runs."""
        dataset(**full)
        page = _soup(app.get("/dataset/full"))

        schemes = {str(link["href"]).partition(":")[0] for link in page.select("[role=main] a[href*=':']")}
        assert schemes <= {"http", "https", "mailto", "tel"}

    def test_closed_answers_are_for_own_people(
        self, app: Any, dataset: Callable[..., dict], editor: dict, signed: Signed, full: dict[str, Any]
    ) -> None:
        """What people agreed to, and how sensitive the data are, stands on no page of others."""
        dataset(**full)
        closed = [field for field in site_model.model().schema.fields if field.closed and field.name in full]
        labels = {field.label["en"] for field in closed if field.name != "audience"}
        shown = {term.get_text(strip=True) for term in _soup(app.get("/dataset/full")).select("dt")}
        own = _soup(app.get("/dataset/full", headers=signed(editor))).select(".cd-closed")

        assert labels & shown == set()
        assert labels <= {label for box in own for label in labels if label in box.get_text(" ", strip=True)}

    def test_keywords_lead_to_a_search(self, app: Any, dataset: Callable[..., dict], full: dict[str, Any]) -> None:
        """What else is found under the same word."""
        dataset(**full)
        first = _soup(app.get("/dataset/full")).select_one(".cd-chips a")

        assert first is not None
        assert "full" in app.get(str(first["href"])).body


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestOrganisation:
    @pytest.mark.usefixtures("site")
    def test_the_profile_is_kept_and_shown(self, app: Any) -> None:
        """Rows too, which ckanext-scheming alone keeps for datasets only."""
        factories.Organization(**PROFILE)
        shown = call("organization_show", id="umoja")
        words = _soup(app.get("/organization/umoja")).select_one(".cd-profile")

        assert {name: shown[name] for name in PROFILE} == PROFILE
        assert shown.get("extras", []) == []
        assert words is not None
        assert "Residents of Makina" in words.get_text()
        assert "Community organisation" in words.get_text()

    @pytest.mark.usefixtures("site")
    def test_its_form_loses_nothing(self, app: Any, signed: Signed) -> None:
        """Saved unchanged it stays; names of countries become codes; what is wrong is named, beside all the rest."""
        admin = factories.Sysadmin()
        factories.Organization(**PROFILE)
        address = "/organization/edit/umoja"
        sent = answers(_soup(app.get(address, headers=signed(admin))))
        app.post(address, data=sent | {"country": ["Kenya", "غانا"]}, headers=signed(admin), follow_redirects=False)
        after = call("organization_show", id="umoja")
        wrong = _soup(app.post(address, data=sent | {"homepage": ["nowhere"]}, headers=signed(admin)))

        assert {name: after[name] for name in PROFILE} == PROFILE | {"country": ["GHA", "KEN"]}
        assert "nowhere" in json.dumps(answers(wrong))
        assert wrong.select(".cd-errors li")
        assert answers(wrong)["community-0-name"] == ["Residents of Makina"]

    @pytest.mark.usefixtures("site")
    def test_proposes_its_answers_for_a_new_record(self, app: Any, signed: Signed) -> None:
        """Contact, country and kind of producer stand in the new form of somebody who publishes for it alone."""
        user = factories.User()
        factories.Organization(**PROFILE, users=[{"name": user["name"], "capacity": "editor"}])
        sent = answers(_soup(app.get("/dataset/new", headers=signed(user))))

        assert sent["contact-0-email"] == ["desk@example.org"]
        assert sent["country"][0] == "Kenya"
        assert sent["producer_kind"] == ["community_organisation"]
