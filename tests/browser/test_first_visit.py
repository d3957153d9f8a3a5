"""Somebody who was never here looks for data about women with disabilities and violence in Kenya, and how to get them.

The walk knows visible words alone; each click is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests.helpers import call_action as call
from playwright.sync_api import BrowserContext, Page, expect

from tests.ckan.conftest import COMPLETE

from .axe import violations

Phone = Callable[..., BrowserContext]
WANTED = "Safe at home: violence that women with disabilities told us of"
MOST_CLICKS = 4
BESIDE = {
    "Water points in Kibera": {"population_group": ["women"], "country": ["KEN"]},
    "Violence on the way to school": {"population_group": ["girls"], "country": ["KEN"]},
    "Wheelchairs that were mended": {"population_group": ["persons_with_disabilities"], "country": ["KEN"]},
    "Sûres à la maison": {"population_group": ["women", "persons_with_disabilities"], "country": ["SEN"]},
}


@pytest.fixture
def visitor(address: str, editor: dict[str, Any], phone: Phone) -> Page:  # noqa: ARG001 - the organisation
    """A phone without scripts at the front page of a catalogue, in which one record is the right one."""
    records = {
        WANTED: {
            "population_group": ["women", "persons_with_disabilities"],
            "country": ["KEN"],
            "access_rights": "RESTRICTED",
        },
        **BESIDE,
    }
    for number, (title, answers) in enumerate(records.items()):
        told = {**COMPLETE, "name": f"record-{number}", "title_translated": {"en": title}, **answers}
        call("package_create", **told, owner_org="umoja")
    page = phone(java_script_enabled=False).new_page()
    page.goto(address)
    return page


def _finds_how_to_ask(page: Page, clicks: int) -> None:
    expect(page.get_by_role("heading", name=WANTED)).to_be_visible()
    page.get_by_role("link", name="How to get the data").first.click()
    expect(page.get_by_text("The data are given out on request, under conditions.")).to_be_in_viewport()
    expect(page.get_by_role("link", name="water@example.org")).to_be_visible()
    assert clicks + 1 <= MOST_CLICKS


class TestFirstVisit:
    def test_by_who_is_counted(self, visitor: Page) -> None:
        """From the group on the front page through the country to the record."""
        visitor.get_by_role("link", name="Persons with disabilities").first.click()
        visitor.get_by_role("link", name="Kenya").first.click()
        visitor.get_by_role("link", name=WANTED).first.click()
        _finds_how_to_ask(visitor, clicks=3)

    def test_by_words(self, visitor: Page) -> None:
        """From everyday words in the box of the front page."""
        visitor.get_by_label("Search in any language").fill("disabled women violence Kenya")
        visitor.get_by_role("button", name="Search").first.click()
        visitor.get_by_role("link", name=WANTED).first.click()
        _finds_how_to_ask(visitor, clicks=2)


class TestSuggestions:
    def test_by_keyboard(self, visitor: Page, phone: Phone) -> None:
        """Arrows lead through what is suggested, Escape leaves what was typed, Enter goes; axe finds nothing."""
        page = phone().new_page()
        page.goto(visitor.url)
        box = page.get_by_role("combobox", name="Search in any language")
        box.press_sequentially("disabil")
        option = page.get_by_role("option", name="Persons with disabilities Groups of people")
        expect(option).to_be_visible()
        expect(page.get_by_text("Suggestions: 2.")).to_be_attached()
        assert violations(page) == []

        box.press("Escape")
        expect(option).to_be_hidden()
        expect(box).to_have_value("disabil")
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
        box.press("Enter")
        expect(page.get_by_role("link", name=WANTED)).to_be_visible()
        assert page.url.endswith("?vocab_population_group=persons_with_disabilities")

    def test_the_lists_unfold_without_a_script(self, visitor: Page) -> None:
        """On a small screen a link opens them; a choice leads back to what it finds."""
        visitor.get_by_role("link", name="Find data").first.click()
        senegal = visitor.locator(".cd-facet").get_by_role("link", name="Senegal")
        expect(senegal).to_be_hidden()
        visitor.get_by_role("link", name="Narrow down").click()
        expect(senegal).to_be_in_viewport()
        senegal.click()
        expect(visitor.get_by_role("heading", name="Datasets found: 1")).to_be_visible()
        expect(senegal).to_be_hidden()
