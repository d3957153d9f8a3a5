"""The grid of who is represented, on a phone, in Arabic, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.tests.helpers import call_action as call
from playwright.sync_api import BrowserContext, expect

from tests.ckan.conftest import COMPLETE

Phone = Callable[..., BrowserContext]

# What a screen reader is told, whatever the style sheet makes of the table: the role of each element by its tag.
ROLES = """() => Object.fromEntries([...document.querySelectorAll('.cd-grid :is(table, thead, tr, th, td)')]
    .map(each => [each.tagName + (each.scope || ''), each.getAttribute('role')]))"""


class TestCoverage:
    def test_on_a_phone(self, address: str, editor: dict[str, Any], phone: Phone) -> None:  # noqa: ARG002
        """No sideways scrolling in either direction of writing; a square leads to its record, also by keyboard."""
        call("package_create", **{**COMPLETE, "owner_org": "umoja", "population_group": ["women"], "sdg_goal": ["5"]})
        page = phone().new_page()

        page.goto(f"{address}/ar/coverage")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.get_by_role("link", name="النساء، 5 المساواة بين الجنسين: 1")).to_be_visible()

        page.goto(f"{address}/coverage")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate(ROLES) == {
            "TABLE": "table", "THEAD": "rowgroup", "TR": "row", "THcol": "columnheader", "THrow": "rowheader",
            "TD": "cell",
        }  # fmt: skip
        size = page.get_by_role("link", name="Women, 5 Gender equality: 1").bounding_box()
        assert size is not None and min(size["width"], size["height"]) >= 24

        page.locator("#cd-country").select_option("KEN")
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Kenya")
        page.locator(".cd-skip a").focus()
        expect(page.locator(".cd-skip a")).to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "All records: 1"
        page.keyboard.press("Enter")
        expect(page.locator(".dataset-heading a")).to_have_text("Water points in Kibera")
