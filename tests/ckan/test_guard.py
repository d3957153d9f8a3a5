"""Forms and the tokens they bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model

PASSWORD = "correct-horse-9"


@pytest.fixture
def signed_in(app: Any, editor: dict[str, Any]) -> Any:
    """A browser in which an editor is signed in."""
    user = model.User.get(editor["id"])
    user.password = PASSWORD
    model.Session.commit()
    page = BeautifulSoup(app.get("/user/login").text, "html.parser")
    token = page.find("input", {"name": "_csrf_token"})["value"]  # type: ignore[index]
    answer = app.post(
        "/user/login",
        data={"_csrf_token": token, "login": editor["name"], "password": PASSWORD},
        follow_redirects=False,
    )
    assert answer.status_code == 302
    return app


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
@pytest.mark.ckan_config("ckan.plugins", "citizendata citizendata_guard dcat structured_data scheming_datasets")
class TestGuard:
    @pytest.mark.parametrize("page", ["/dataset/withdraw/{}", "/dataset/edit/{}", "/dataset/delete/{}"])
    def test_asks_for_the_token_whoever_came_before(
        self, page: str, make_app: Callable[..., Any], signed_in: Any, dataset: Callable[..., dict[str, Any]]
    ) -> None:
        """CKAN 2.12.0 stops asking once an anonymous visitor has called the page (CVE-2026-41255)."""
        address = page.format(dataset()["name"])
        stranger = make_app()
        stranger.get(address, status=None)
        stranger.post(address, status=None)
        answer = signed_in.post(address, data={"audience": "everyone"}, status=None, follow_redirects=False)
        assert answer.status_code == 400

    def test_lets_a_form_with_its_token_through(self, signed_in: Any, dataset: Callable[..., dict[str, Any]]) -> None:
        """The healthy twin: the page's own form works."""
        address = f"/dataset/withdraw/{dataset()['name']}"
        page = BeautifulSoup(signed_in.get(address).text, "html.parser")
        token = page.find("input", {"name": "_csrf_token"})["value"]  # type: ignore[index]
        answer = signed_in.post(address, data={"_csrf_token": token}, status=None, follow_redirects=False)
        assert answer.status_code == 302

    @pytest.mark.parametrize("path", ["/dataset/%00", "/organization/a%00b", "/dataset/?q=a%00b", "/dataset/?%00=1"])
    def test_refuses_what_no_database_keeps(self, app: Any, path: str) -> None:
        """A NUL in an address is an answer of one sentence, not an error of the site; and so in CKAN's forms."""
        assert "NUL" in app.get(path, status=400).text
        token = BeautifulSoup(app.get("/user/login").text, "html.parser").find("input", {"name": "_csrf_token"})
        said = {"_csrf_token": token["value"], "login": "a\0b", "password": "c"}  # type: ignore[index]
        assert "NUL" in app.post("/user/login", data=said, status=400).text
