"""What people meet on pages: the form, the dataset page, withdrawing, and that nothing hidden shows anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.model import member as member_table
from ckanext.citizendata.model import record as record_table

CANARY = "zephyrquill"
ANSWERS: dict[str, Any] = {
    "save": "publish",
    "title_translated-en": "Water points in Kibera",
    "title_translated-ar": "نقاط المياه في كيبيرا",
    "notes_translated-en": "Where people fetch water.",
    "country": ["Kenya", "", "Côte d’Ivoire"],
    "temporal_coverage-0-start": "2023-01",
    "temporal_coverage-0-end": "",
    "temporal_coverage-1-start": "",
    "population_group": ["women", "girls"],
    "collection_mode": ["participatory_mapping"],
    "initiator_kind": ["community_organisation"],
    "contact-0-name": "Water desk",
    "contact-0-email": "water@example.org",
    "contact-2-name": "",
    "access_rights": "RESTRICTED",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
    "engagement-0-stage": "needs",
    "engagement-0-level": "",
    "engagement-1-stage": "design",
    "engagement-1-level": "4",
    "engagement-1-who": ["women", "cbo"],
    "resources-0-url": "",
}
HIDDEN = {"title_translated": {"en": f"{CANARY} title"}, "notes_translated": {"en": f"{CANARY} notes"}}
NEW = "/dataset/new"

Signed = Callable[[dict[str, Any]], dict[str, str]]


@pytest.fixture
def signed() -> Signed:
    """The headers by which a user's request is known."""
    return lambda user: {"Authorization": factories.APIToken(user=user["name"])["token"]}


@pytest.fixture
def read(app: Any, signed: Signed) -> Callable[..., str]:
    """The whole page of an address as somebody gets it; nobody named is a visitor."""
    return lambda address, user=None: app.get(address, headers=signed(user) if user else {}).body


@pytest.fixture
def people(editor: dict[str, Any], stranger: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    """Who looks at pages."""
    return {"visitor": None, "stranger": stranger, "editor": editor}


def _soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def _words(response: Any) -> str:
    """What a reader sees: the text of the page's main part."""
    main = _soup(response).select_one("[role=main]")
    return main.get_text(" ", strip=True) if main else ""


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestDatasetForm:
    def test_publishes_in_one_request(self, app: Any, editor: dict, organization: dict, signed: Signed) -> None:
        """Names of long lists become codes, blank rows are dropped, and the record is live at once."""
        answer = app.post(
            NEW, data={**ANSWERS, "owner_org": organization["id"]}, headers=signed(editor), follow_redirects=False
        )
        package = call("package_show", id="water-points-in-kibera")

        assert (answer.status_code, answer.headers["Location"].rpartition("/")[2]) == (302, "water-points-in-kibera")
        assert (package["state"], package["private"], package["record_status"]) == ("active", False, "live")
        assert package["title_translated"] == {"en": "Water points in Kibera", "ar": "نقاط المياه في كيبيرا"}
        assert sorted(package["country"]) == ["CIV", "KEN"]
        assert package["temporal_coverage"] == [{"start": "2023-01"}]
        assert package["contact"] == [{"name": "Water desk", "email": "water@example.org"}]
        assert package["engagement"] == [{"stage": "design", "level": "4", "who": ["cbo", "women"]}]
        assert package["resources"] == []

    def test_an_error_names_the_field_and_loses_nothing(
        self, app: Any, editor: dict, organization: dict, signed: Signed
    ) -> None:
        """Everything typed stands in the form again, the wrong field is marked, and nothing is stored."""
        wrong = {**ANSWERS, "owner_org": organization["id"], "contact-0-email": "not a mailbox", "sensitivity": ""}
        answer = app.post(NEW, data=wrong, headers=signed(editor))
        page = _soup(answer)
        typed = {
            box["name"]: box.get("value")
            for box in page.select(".cd-form input[type=text], .cd-form input[type=email]")
        }
        chosen = {(box["name"], box["value"]) for box in page.select(".cd-form input[checked]")}
        messages = " ".join(item.get_text(" ", strip=True) for item in page.select(".cd-errors li"))

        assert answer.status_code == 422
        assert "not a mailbox" in messages
        assert "Could it hurt someone?" in messages
        assert typed["title_translated-ar"] == "نقاط المياه في كيبيرا"
        assert typed["contact-0-email"] == "not a mailbox"
        assert typed["temporal_coverage-0-start"] == "2023-01"
        assert [box["value"] for box in page.select("input[name=country]")][:2] == ["Kenya", "Ivory Coast"]
        assert {("population_group", "girls"), ("audience", "everyone"), ("engagement-1-who", "cbo")} <= chosen
        assert page.select_one("#field-engagement-1-level option[selected]")["value"] == "4"  # type: ignore[index]
        assert page.select_one(".cd-field-wrong #field-contact-0-email, .cd-field-wrong [name=contact-0-email]")
        assert call("package_search", q="*:*")["count"] == 0

    def test_a_draft_needs_a_title_alone(self, app: Any, editor: dict, organization: dict, signed: Signed) -> None:
        """It can be opened and published later; nobody else sees it."""
        headers = signed(editor)
        draft = {"save": "draft", "title_translated-en": "Half done", "owner_org": organization["id"]}
        app.post(NEW, data=draft, headers=headers, follow_redirects=False)

        assert call("package_show", id="half-done")["state"] == "draft"
        assert app.get("/dataset/half-done").status_code == 404
        assert "Half done" in app.get("/dataset/edit/half-done", headers=headers).body

        app.post(
            "/dataset/edit/half-done",
            data={**ANSWERS, "title_translated-en": "Done", "owner_org": organization["id"]},
            headers=headers,
            follow_redirects=False,
        )
        assert call("package_show", id="half-done")["state"] == "active"

    def test_an_edit_keeps_files_and_closed_answers(
        self, app: Any, editor: dict, dataset: Callable[..., dict], signed: Signed
    ) -> None:
        """What the form doesn't ask again stays as it was; a new link is added."""
        before = dataset(
            name="water", consent_type=["collective_fpic"], resources=[{"url": "https://example.org/a.csv"}]
        )
        changed = {**ANSWERS, "consent_type": ["collective_fpic"], "resources-0-url": "https://example.org/b.csv"}
        app.post("/dataset/edit/water", data=changed, headers=signed(editor), follow_redirects=False)
        after = call("package_show", id="water")

        assert [file["url"] for file in after["resources"]] == [
            "https://example.org/a.csv",
            "https://example.org/b.csv",
        ]
        assert after["resources"][0]["id"] == before["resources"][0]["id"]
        assert after["consent_type"] == ["collective_fpic"]
        assert after["title_translated"]["en"] == "Water points in Kibera"

    @pytest.mark.parametrize("address", [NEW, "/dataset/edit/water"])
    def test_who_may_not_publish_sees_no_form(
        self, app: Any, dataset: Callable[..., dict], stranger: dict, signed: Signed, address: str
    ) -> None:
        """A visitor gets no form, nor does somebody of another organisation for a record that isn't theirs."""
        dataset(name="water")

        assert app.get(address).status_code == 403
        assert app.get("/dataset/edit/water", headers=signed(stranger)).status_code == 403

    def test_asks_in_the_readers_language(self, app: Any, editor: dict, signed: Signed) -> None:
        """The first box of a text is the reader's, the page reads from the right, and no code is on it."""
        page = _soup(app.get("/ar/dataset/new", headers=signed(editor)))
        box = page.select_one("#field-title_translated")

        assert box is not None
        assert box["name"] == "title_translated-ar"
        assert page.html is not None
        assert page.html["dir"] == "rtl"
        assert not re.search(r"\b(unknown|RESTRICTED|low_or_none|title_translated)\b", page.get_text(" "))


class TestDatasetPage:
    def test_shows_labels_and_neither_codes_nor_addresses(self, app: Any, dataset: Callable[..., dict]) -> None:
        """No code, field name or IRI stands in the text of the page, but for the address of a citation."""
        dataset(
            name="water", integration_status="used_as_complementary", population_group=["persons_with_disabilities"]
        )
        answer = app.get("/dataset/water")
        cited = _soup(answer).select_one(".cd-citation")
        words = _words(answer).replace(cited.get_text(" ", strip=True) if cited else "", "")

        assert "Persons with disabilities" in words
        assert "Kenya" in words
        assert not re.search(r"\w+_\w+|https?://|\bKEN\b", words)

    def test_closed_answers_are_for_own_people(
        self, app: Any, dataset: Callable[..., dict], editor: dict, signed: Signed
    ) -> None:
        """How sensitive the data are stands on no page of others."""
        dataset(name="water", sensitivity="moderate")

        assert "Could it hurt someone?" not in _words(app.get("/dataset/water"))
        assert "Could it hurt someone?" in _words(app.get("/dataset/water", headers=signed(editor)))

    def test_a_text_in_another_language_says_so(self, app: Any, dataset: Callable[..., dict]) -> None:
        """It carries its language and direction for screen readers and browsers."""
        dataset(name="water", title_translated={"ar": "نقاط المياه"}, notes_translated={"ar": "أماكن جلب المياه"})
        response = app.get("/dataset/water")
        heading = _soup(response).select_one("h1[lang]")

        assert heading is not None
        assert (heading["lang"], heading["dir"]) == ("ar", "rtl")
        assert "This text is in Arabic." in _words(response)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"audience": "producer"}, "Only its own people see it"),
            ({"audience": "national"}, "Seen by everyone who is signed in to this catalogue."),
            ({"sensitivity": "unknown"}, "One of the questions on safety is answered"),
        ],
    )
    def test_says_who_may_see_it(
        self, read: Callable[..., str], dataset: Callable[..., dict], editor: dict, fields: dict, sentence: str
    ) -> None:
        """A record that isn't for everyone says so to those who see it."""
        dataset(name="water", **fields)
        page = read("/dataset/water", editor)

        assert "This record stays on this catalogue." in page
        assert sentence in page

    def test_a_harvested_record_names_its_catalogue(
        self, read: Callable[..., str], dataset: Callable[..., dict], editor: dict
    ) -> None:
        """It links there, and offers no change here, not even by the form's address."""
        package = dataset(name="water")
        member_table.write({"id": "ghana", "title": "Ghana's catalogue", "url": "https://gh.example.org/catalog.ttl",
                            "audience": "everyone", "interval_minutes": 60})  # fmt: skip
        harvested = {
            "package_id": package["id"],
            "iri": "https://gh.example.org/dataset/1",
            "authority": "member:ghana",
        }
        record_table.write(harvested)
        model.Session.commit()
        page = BeautifulSoup(read("/dataset/water", editor), "html.parser")
        notice = page.select_one(".cd-notice")

        assert notice is not None
        assert "This record comes from Ghana's catalogue; it can be changed there." in notice.get_text(" ", strip=True)
        assert notice.select_one("a[href='https://gh.example.org/dataset/1']")
        assert "Change this record" not in page.get_text()
        assert "cd-form" not in read("/dataset/edit/water", editor)

    def test_offers_the_record_to_machines(self, app: Any, dataset: Callable[..., dict]) -> None:
        """Each link answers."""
        dataset(name="water")
        links = [str(link["href"]) for link in _soup(app.get("/dataset/water")).select(".cd-side .cd-links a")]

        assert [app.get(link).status_code for link in links] == [200, 200, 200]


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestWithdraw:
    def test_hides_at_once_and_can_be_taken_back(
        self, app: Any, dataset: Callable[..., dict], editor: dict, signed: Signed
    ) -> None:
        """Page, button, gone for others, still there for own people, and back."""
        dataset(name="water")
        headers = signed(editor)

        assert "What we cannot call back" in _words(app.get("/dataset/withdraw/water", headers=headers))
        app.post("/dataset/withdraw/water", headers=headers, follow_redirects=False)
        assert app.get("/dataset/water").status_code == 404
        assert "Withdrawn." in _words(app.get("/dataset/water", headers=headers))
        app.post("/dataset/restore/water", headers=headers, follow_redirects=False)
        assert app.get("/dataset/water").status_code == 200

    def test_is_for_those_who_may_edit(
        self, app: Any, dataset: Callable[..., dict], stranger: dict, signed: Signed
    ) -> None:
        """Looking at the page changes nothing; others can neither look nor press."""
        dataset(name="water")

        assert "Withdraw" not in _words(app.get("/dataset/water", headers=signed(stranger)))
        assert app.post("/dataset/withdraw/water", headers=signed(stranger)).status_code == 403
        assert app.get("/dataset/withdraw/water").status_code == 403
        assert app.get("/dataset/water").status_code == 200


class TestHiddenRecords:
    FOUND = ("/", "/dataset/", "/ar/dataset/", "/dataset/?vocab_country=KEN")
    OTHERS = (
        f"/dataset/?q={CANARY}", "/organization/", "/organization/{organization}", "/user/{editor}",
        "/feeds/dataset.atom", "/dataset/hidden", "/dataset/groups/hidden",
        "/dataset/withdraw/hidden", "/dataset/edit/hidden",
        "/dataset/hidden/sheet", "/dataset/hidden/cite.ris",
        "/dataset/hidden.ttl", "/catalog.ttl", "/api/3/action/package_search?q=*:*&include_private=true",
    )  # fmt: skip

    @pytest.mark.parametrize("who", ["visitor", "stranger"])
    @pytest.mark.parametrize("how", ["producer", "withdrawn"])
    def test_are_on_no_page_of_others(
        self, read: Callable[..., str], dataset: Callable[..., dict], people: dict, who: str, how: str
    ) -> None:
        """A word of it is found nowhere, while the same word of an open record is."""
        hidden = dataset(name="hidden", **HIDDEN, audience="producer" if how == "producer" else "everyone")
        if how == "withdrawn":
            call("citizendata_record_withdraw", id=hidden["id"])
        named = {"organization": hidden["organization"]["name"], "editor": people["editor"]["name"]}
        pages = [address.format(**named) for address in (*self.FOUND, *self.OTHERS)]

        assert [page for page in pages if f"{CANARY} " in read(page, people[who])] == []
        dataset(name="open", **HIDDEN)
        assert [page for page in self.FOUND if f"{CANARY} " in read(page, people[who])] == list(self.FOUND)


class TestInventedExample:
    @pytest.mark.ckan_config("ckanext.citizendata.invented_example", True)
    @pytest.mark.parametrize(
        "address", ["/", "/dataset/", "/dataset/water", "/organization/", "/about", "/user/login", "/no/such"]
    )
    def test_stands_on_every_page(self, app: Any, dataset: Callable[..., dict], address: str) -> None:
        """Where the option is set no page goes without, errors and log-in included."""
        dataset(name="water")

        assert "Invented example" in app.get(address).body

    @pytest.mark.usefixtures("site")
    def test_is_absent_by_default(self, app: Any) -> None:
        """A real catalogue says nothing of the kind."""
        assert "Invented example" not in app.get("/").body
