"""What a page says when it can't be shown, or when it was open for too long to be sent."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic.pages.error_page import error_page
from ckanext.citizendata.views.expired import is_own

from .quick_form import QUICK, typed

SITE = "http://test.ckan.net"

PASSWORD = "correct-horse-9"


def _page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


def _said(response: Any) -> str:
    return _page(response).select_one("#error-content").get_text(" ", strip=True)  # type: ignore[union-attr]


class TestWords:
    @pytest.mark.parametrize(
        ("code", "content", "heading"),
        [
            ([500], "Internal server error", "Something went wrong on this site"),
            (502, "", "Something went wrong on this site"),
            (405, "", "This could not be read"),
            (401, None, "You may not see this page"),
            (413, "", "This is too much at once"),
            (503, "", "Out of order for the moment"),
        ],
    )
    def test_are_those_of_people(self, app: Any, code: Any, content: str | None, heading: str) -> None:
        """For each code of HTTP, in whatever shape CKAN hands it on."""
        with app.flask_app.test_request_context("/"):
            page = error_page(code, content)

        assert page.heading == heading
        assert page.words not in ("", content)

    @pytest.mark.usefixtures("site")
    def test_of_an_address_that_leads_nowhere(self, app: Any) -> None:
        """One heading without a number, and ways on."""
        page = _page(app.get("/fr/no/such", status=404))

        assert [each.get_text() for each in page.select("h1")] == ["Cette page n'existe pas"]
        assert "was not found" not in page.get_text()
        assert [link["href"] for link in page.select("#error-content a")] == ["/fr/dataset/", "/fr/"]

    @pytest.mark.usefixtures("site")
    def test_what_is_known_of_the_cause_is_told(self, app: Any) -> None:
        """And who isn't signed in is led to where she is."""
        page = _page(app.get("/dataset/new", status=403))

        assert "Ask an administrator of your organisation" in page.get_text()
        assert page.select_one("#error-content li a")["href"].startswith("/user/login?came_from=")  # type: ignore[index,union-attr]


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
class TestOpenForTooLong:
    @pytest.fixture(autouse=True)
    def signed_in(self, app: Any, organization: dict[str, Any]) -> None:
        """Somebody in a browser that keeps cookies, who administers an organisation."""
        user = factories.User(password=PASSWORD)
        call("member_create", id=organization["id"], object=user["id"], object_type="user", capacity="admin")
        fresh = typed(app.get(QUICK))["_csrf_token"]
        sign_in = {"sign_in_name": user["name"], "sign_in_password": PASSWORD, "_csrf_token": fresh}
        app.post(QUICK, data=sign_in | {"title_translated-en": "Any"}, follow_redirects=False)

    def test_what_was_typed_is_shown(self, app: Any, organization: dict[str, Any]) -> None:
        """On the page of a form that doesn't come back; no password, and nothing that is sent by one press."""
        address = f"/organization/edit/{organization['name']}"
        sent = {"title": "Water & <b>desk</b>", "producer_kind": "registered_ngo", "password1": "my secret words"}
        answer = app.post(address, data=sent | {"_csrf_token": "old"})

        assert answer.status_code == 400
        assert _page(answer).select_one("h1").get_text() == "The page was open for too long"  # type: ignore[union-attr]
        assert [each.get_text() for each in _page(answer).select(".cd-typed")] == ["Water & <b>desk</b>"]
        assert _page(answer).select_one("#error-content .btn")["href"] == address  # type: ignore[index]
        assert _page(answer).select("#error-content form") == []

    def test_whatever_a_person_may_have_written(self, app: Any, organization: dict[str, Any]) -> None:
        """Words, numbers and days are hers; ids and codes of lists are a program's. The way back is in her language."""
        address = f"/fr/organization/edit/{organization['name']}"
        sent = {"title": "drought", "phone": "0712345678", "since": "2024-05-01", "id": organization["id"]}
        answer = app.post(address, data=sent | {"producer_kind": "registered_ngo", "save": "x", "_csrf_token": "old"})

        assert [each.get_text() for each in _page(answer).select(".cd-typed")] == [
            "drought",
            "0712345678",
            "2024-05-01",
        ]
        assert _page(answer).select_one("#error-content .btn")["href"] == address  # type: ignore[index]

    @pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
    def test_of_another_site_is_not_shown(
        self, app: Any, organization: dict[str, Any], headers: dict[str, str]
    ) -> None:
        """Nobody reads under our name what another site had her browser send."""
        sent = {
            "title_translated-en": "Send money",
            "ask_reason": "Send money",
            "title": "Send money",
            "_csrf_token": "",
        }
        for address in (f"/organization/edit/{organization['name']}", "/account", QUICK):
            answer = app.post(address, data=sent, headers=headers)

            assert answer.status_code == 400
            assert "Send money" not in answer.body

    @pytest.mark.parametrize(("origin", "own"), [(SITE, True), ("https://elsewhere.example", False)])
    def test_behind_a_proxy_that_keeps_the_host(self, app: Any, origin: str, own: bool) -> None:  # noqa: FBT001
        """The site's own address counts as its own."""
        headers = {"Origin": origin, "Host": "inner.example:8080"}
        with app.flask_app.test_request_context("/account", method="POST", headers=headers):
            assert is_own() is own

    def test_a_button_alone(self, app: Any, organization: dict[str, Any]) -> None:
        """Is pressed anew on its page."""
        address = f"/organization/delete/{organization['name']}"
        answer = app.post(address, data={"_csrf_token": "old"})

        assert answer.status_code == 400
        assert "Nothing was saved or changed" in _said(answer)
        assert _page(answer).select_one("#error-content .btn")["href"] == address  # type: ignore[index]
        assert call("organization_show", id=organization["id"])["state"] == "active"

    def test_a_request_to_publish_stands_there_again(self, app: Any) -> None:
        """With all that was typed."""
        sent = {"ask_organization_name": "Wells Trust", "ask_reason": "We count wells.", "_csrf_token": "old"}
        answer = app.post("/account", data=sent)
        page = _page(answer)

        assert answer.status_code == 400
        assert "press the button once more" in page.select_one("#cd-notice").get_text()  # type: ignore[union-attr]
        assert page.select_one("#ask_reason").get_text() == "We count wells."  # type: ignore[union-attr]
        assert page.select_one("#ask_organization_name")["value"] == "Wells Trust"  # type: ignore[index]
