"""Every kind of page: for people with a screen reader, a keyboard, a small screen, a dark screen, a poor line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action as call
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.ckan.conftest import COMPLETE

from .axe import CONTRAST, WCAG, violations
from .conftest import PASSWORD
from .test_catalogues import kenya  # noqa: F401 - a fixture
from .test_publish import _signed_in

Phone = Callable[..., BrowserContext]

PAGES = {
    "home": "/",
    "search": "/dataset/?vocab_country=KEN&ext_from=2020#search-facets",
    "dataset": "/dataset/water",
    "organisation": "/organization/umoja",
    "log-in": "/user/login",
    "country": "/country/KEN",
    "communities": "/community/",
    "nothing-known": "/goal/5",
    "coverage": "/coverage",
    "coverage-of-a-country": "/coverage?country=KEN",
    "quick-form-of-a-visitor": "/dataset/quick?population_group=women&sdg_goal=5&country=KEN",
    "account": "/account",
    "connect": "/connect",
    "no-such-page": "/no/such",
}
OF_THE_SIGNED_IN = {"quick-form": "/dataset/quick", "form": "/dataset/new", "dashboard": "/dashboard/datasets"}
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
BUDGET = 150_000
# Where the pictures of the documentation go; without it, none is taken.
PICTURES = os.environ.get("CITIZENDATA_PICTURES")


@pytest.fixture
def water(address: str, editor: dict[str, Any]) -> str:  # noqa: ARG001 - the site with its organisation
    """The address of a site with a record."""
    answers = {"population_group": ["women", "persons_with_disabilities"], "sdg_goal": ["6"]}
    call("package_create", **{**COMPLETE, **answers, "name": "water", "owner_org": "umoja"})
    return address


def _taken(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def _faults(page: Page, name: str) -> Iterator[tuple[str, list[str]]]:
    """What is wrong on the page that is open, by the colours and the width in which it is."""
    for colours in ("dark", "light"):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        for size, label in ((WIDE, "wide"), (NARROW, "phone")):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _taken(page, f"{name}-{colours}-{label}")
        # Only its colours differ.
        yield f"{name} {colours}", violations(page, CONTRAST if colours == "dark" else WCAG)
    page.evaluate(UNFOLD)
    width = page.evaluate("document.documentElement.scrollWidth")
    yield f"{name} 360 px", [f"{width} px wide"] if width > 360 else []


class TestEveryPage:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_is_for_everybody(
        self,
        water: str,
        kenya: str,  # noqa: F811
        editor: dict[str, Any],
        phone: Phone,
        language: str,
    ) -> None:
        """axe finds nothing, light or dark; nothing is wider than a small screen, with everything unfolded."""
        page = phone().new_page()
        faults: dict[str, list[str]] = {}
        for name, path in {**PAGES, "catalogue": f"/catalogues/{kenya}"}.items():
            page.goto(f"{water}/{language}{path}")
            page.evaluate(UNFOLD)
            faults |= dict(_faults(page, f"{name}-{language}"))
        _signed_in(page, water, editor)
        for name, path in {**OF_THE_SIGNED_IN, "report": f"/catalogues/{kenya}"}.items():
            page.goto(f"{water}/{language}{path}")
            faults |= dict(_faults(page, f"{name}-{language}"))

        assert {place: found for place, found in faults.items() if found} == {}

    def test_faults_are_found(self, browser: Browser) -> None:
        """A page that shuts people out is no page without fault."""
        page = browser.new_page()
        page.set_content("<html lang=en><title>Rivers</title><img src=x><p style='color: #ccc'>Pale</p></html>")
        found = [fault.partition(":")[0] for fault in violations(page)]
        page.close()

        assert found == ["color-contrast", "image-alt"]

    def test_is_light(
        self,
        water: str,
        kenya: str,  # noqa: F811
        phone: Phone,
        editor: dict[str, Any],
    ) -> None:
        """The first visit to any page weighs less than 150 KB, all that it loads and all heads counted."""
        pages = {**PAGES, "catalogue": f"/catalogues/{kenya}"}
        weights = {name: _weight(phone(), water, path) for name, path in pages.items()}
        signed_in = phone()
        _signed_in(signed_in.new_page(), water, editor)
        for name, path in OF_THE_SIGNED_IN.items():
            weights[name] = _weight(phone(storage_state=signed_in.storage_state()), water, path)

        assert {name: weight for name, weight in weights.items() if weight > BUDGET} == {}

    def test_by_keyboard(self, water: str, phone: Phone) -> None:
        """The first key leads past the head of the page; where one is, is always seen."""
        page = phone().new_page()
        page.goto(f"{water}/dataset/water")
        page.keyboard.press("Tab")

        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 15
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


class TestCkansOwnPages:
    def test_still_work(self, water: str, phone: Phone) -> None:
        """Their scripts run without an error."""
        administrator = factories.Sysadmin(password=PASSWORD)
        page = phone().new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        _signed_in(page, water, administrator)
        for path in ("/user/edit", "/organization/members/umoja", "/ckan-admin/"):
            page.goto(f"{water}{path}")
            assert page.evaluate("typeof ckan.module.initialize") == "function", path

        assert errors == []


def _weight(context: BrowserContext, address: str, path: str) -> int:
    """The bytes that come over the line for a page and all that it loads, by a browser that has nothing yet."""
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"{address}{path}")
    sizes = [request.sizes() for request in finished]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
