"""Which pages are light, what they weigh on the line, and that all others are as CKAN made them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

# CKAN's theme and scripts come from these places.
CKANS = re.compile(r"/webassets/(?:base|css|vendor)/")
OWN_SHEET = re.compile(r"^/webassets/citizendata/[0-9a-f]+_(\w+)\.css$")
SHEETS = ({"elements", "citizendata"}, {"elements", "citizendata", "form"})
OURS = (
    *("/", "/about", "/dataset/", "/dataset/water", "/organization/", "/organization/umoja", "/user/login"),
    *("/country/KEN", "/connect", "/no/such", "/dataset/no-such", "/dataset/new", "/dataset/edit/water"),
)


@pytest.fixture
def water(dataset: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A record of an organisation with a known name."""
    return dataset(name="water", owner_org=factories.Organization(name="umoja")["id"])


@pytest.fixture
def administrator(site: None) -> dict[str, str]:  # noqa: ARG001
    """The headers of an administrator of the site."""
    return {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}


def _assets(app: Any, address: str, headers: dict[str, str]) -> list[str]:
    """The style sheets and scripts of a page."""
    page = BeautifulSoup(app.get(address, headers=headers).body, "html.parser")
    return [str(each.get("href") or each.get("src")) for each in page.select("link[rel=stylesheet], script[src]")]


@pytest.mark.usefixtures("water")
class TestOwnLook:
    def test_needs_nothing_of_ckans(self, app: Any, administrator: dict[str, str]) -> None:
        """Pages that people read and fill in carry two style sheets of ours, forms a third, and nothing of CKAN's."""
        for address in OURS:
            loaded = _assets(app, address, administrator)
            assert [each for each in loaded if CKANS.search(each)] == [], address
            assert {OWN_SHEET.sub(r"\1", each) for each in loaded if each.endswith(".css")} in SHEETS, address

    @pytest.mark.parametrize("address", ["/user/edit", "/organization/members/umoja", "/ckan-admin/", "/group/"])
    def test_leaves_ckans_pages(self, app: Any, administrator: dict[str, str], address: str) -> None:
        """They have their styles and scripts, and our head and foot."""
        loaded = _assets(app, address, administrator)

        assert [each for each in loaded if "vendor" in each and each.endswith(".js")]
        assert [each for each in loaded if re.search(r"/base/\w+_main\.css", each)]
        assert "cd-head" in app.get(address, headers=administrator).body

    @pytest.mark.ckan_config("ckanext.citizendata.own_look", False)
    def test_can_be_switched_off(self, app: Any) -> None:
        """Then every page has CKAN's head, theme and scripts."""
        for address in ("/", "/dataset/", "/dataset/water", "/organization/umoja", "/user/login", "/country/KEN"):
            assert [each for each in _assets(app, address, {}) if CKANS.search(each)], address
            assert "cd-head" not in app.get(address).body

    @pytest.mark.ckan_config("ckan.theme", "css/main-rtl")
    def test_leaves_a_theme_that_was_chosen(self, app: Any) -> None:
        """A portal goes on to look as it did before."""
        assert [each for each in _assets(app, "/", {}) if CKANS.search(each)]

    def test_a_form_carries_its_token(self, app: Any) -> None:
        """CKAN refuses what is sent without one."""
        page = BeautifulSoup(app.get("/user/login").body, "html.parser")
        token = page.select_one("form[method=post] input[name=_csrf_token]")

        assert token is not None
        assert token["value"]


@pytest.mark.usefixtures("water")
class TestOnTheLine:
    def test_a_page_is_packed(self, app: Any) -> None:
        """For who unpacks it, and in a length that doesn't tell what is in it."""
        asked = {"Accept-Encoding": "gzip"}
        plain, again = app.get("/about"), [app.get("/about", headers=asked) for _ in range(8)]

        assert plain.headers.get("Content-Encoding") is None
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert b"<main" in plain.data or b'role="main"' in plain.data
        assert [each.headers["Content-Encoding"] for each in again] == ["gzip"] * 8
        assert b"</html>" in gzip.decompress(again[0].data)
        assert len({len(each.data) for each in again}) > 1

    def test_style_sheets_are_asked_for_once(self, app: Any) -> None:
        """They are packed, kept for good, and still asked for by their tag."""
        address = next(each for each in _assets(app, "/about", {}) if each.endswith(".css"))
        sheet = app.get(address, headers={"Accept-Encoding": "gzip"}, status=200)

        assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(sheet.data) == app.get(address).data
        app.get(address, headers={"If-None-Match": sheet.headers["ETag"]}, status=304)
        assert "immutable" not in app.get("/about").headers["Cache-Control"]

    def test_what_is_packed_already(self, app: Any) -> None:
        """The site's map, and what is no text for a browser, are left alone."""
        asked = {"Accept-Encoding": "gzip"}

        assert app.get("/api/3/action/status_show", headers=asked).headers.get("Content-Encoding") is None
        assert app.get("/base/images/ckan.ico", headers=asked).headers.get("Content-Encoding") is None
