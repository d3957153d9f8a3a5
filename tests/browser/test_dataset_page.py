"""A reader with a phone understands a record, finds how to ask for its data, and takes it along on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action as call
from playwright.sync_api import BrowserContext, expect

from tests.ckan.conftest import COMPLETE

Phone = Callable[..., BrowserContext]
LONG = "Ein-Wort-ohne-Ende" * 12
TOLD: dict[str, Any] = {
    "name": "safe-at-home",
    "title_translated": {"en": "Safe at home: women with disabilities and violence", "ar": f"آمنات في البيت {LONG}"},
    "population_group": ["women", "persons_with_disabilities"],
    "sdg_goal": ["5"],
    "access_rights": "RESTRICTED",
    "limitations": {"en": f"Few rural women. {LONG}"},
    "engagement": [{"stage": "design", "level": "4", "who": ["women"]}, {"stage": "collection", "level": "5"}],
    "community": [{"name": LONG, "role": "community_of_origin"}],
    "attribution_statement": {"en": f"Name us. {LONG}"},
    "resources": [{"url": f"https://files.example.org/{LONG}.csv", "name": LONG}],
    "variables": [{"name": f"column_{number}", "label": "What it means"} for number in range(3)],
}


@pytest.fixture
def records(editor: dict[str, Any]) -> None:
    """Two records about the same people, one with everything that could be too wide."""
    owner = model.Group.get("umoja")
    assert owner is not None
    for others in (TOLD, {"name": "other", "population_group": ["women"], "title_translated": {"en": LONG}}):
        call("package_create", {"user": editor["name"]}, owner_org=owner.id, **{**COMPLETE, **others})


@pytest.mark.usefixtures("records")
class TestDatasetPage:
    def test_a_first_visitor_finds_how_to_ask(self, address: str, phone: Phone) -> None:
        """From what the search found, by visible words alone, in two clicks; without scripts."""
        page = phone(java_script_enabled=False).new_page()
        page.goto(f"{address}/dataset/?q=violence")
        page.get_by_role("link", name="Safe at home: women with disabilities and violence").first.click()
        page.get_by_role("link", name="How to get the data").first.click()

        expect(page).to_have_url(re.compile("#access$"))
        expect(page.get_by_role("heading", name="How to get the data")).to_be_in_viewport()
        expect(page.get_by_text("The data are given out on request, under conditions.")).to_be_in_viewport()
        expect(page.get_by_role("link", name="water@example.org")).to_have_attribute("href", re.compile("^mailto:"))

    def test_nothing_is_wider_than_the_screen(self, address: str, phone: Phone) -> None:
        """At 360 pixels, from either side, on page and sheet, however long a word is."""
        page, widths = phone().new_page(), {}
        for path in ("/dataset/safe-at-home", "/ar/dataset/safe-at-home", "/ar/dataset/safe-at-home/sheet"):
            page.goto(f"{address}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            widths[path] = page.evaluate("document.documentElement.scrollWidth")
        assert {path for path, width in widths.items() if width > 360} == set()

    def test_prints_without_menus(self, address: str, phone: Phone) -> None:
        """On paper stands the record alone; the code of the sheet is black on white."""
        page = phone().new_page()
        page.goto(f"{address}/dataset/safe-at-home")
        expect(page.locator("#making svg")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator(".cd-contents")).to_be_hidden()
        expect(page.locator("#limits")).to_be_visible()

        page.emulate_media(media="screen")
        page.get_by_role("link", name="A sheet to print").click()
        code = page.get_by_role("img", name="Code that leads a telephone to the page of this record")
        expect(code).to_be_visible()
        assert code.locator("path").first.get_attribute("fill") == "#fff"
