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
