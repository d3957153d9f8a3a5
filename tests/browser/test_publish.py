"""A person with a phone describes data, gets it wrong once, publishes, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests.helpers import call_action as call
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import PASSWORD

Phone = Callable[..., BrowserContext]


def _signed_in(page: Page, address: str, user: dict[str, Any]) -> None:
    page.goto(f"{address}/user/login")
    page.fill("#field-login", user["name"])
    page.fill("#field-password", PASSWORD)
    page.press("#field-password", "Enter")
    page.wait_for_url("**/dashboard/**")


def _nine_answers(page: Page) -> None:
    page.fill("[name=title_translated-en]", "Water points in Kibera")
    page.fill("[name=notes_translated-en]", "Where people fetch water, mapped by those who fetch it.")
    page.fill("#field-country", "Kenya")
    page.fill("[name=temporal_coverage-0-start]", "2023")
    page.fill("[name=contact-0-name]", "Water desk")
    page.fill("[name=contact-0-email]", "water@example.org")
    page.get_by_label("Women", exact=True).first.check()
    page.get_by_label("Community organisation", exact=True).first.check()
    page.get_by_label("Participatory mapping", exact=True).first.check()
    page.check("[name=access_rights][value=RESTRICTED]")


def _safety_and_readers(page: Page) -> None:
    page.check("[name=personal_data][value=none]")
    page.check("[name=sensitivity][value=low_or_none]")
    page.check("[name=indigenous_data][value=no]")
    page.check("[name=audience][value=everyone]")


class TestPublish:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_from_the_form_to_withdrawn(
        self, address: str, editor: dict[str, Any], phone: Phone, scripts: bool
    ) -> None:
        """Nine answers, an error that loses nothing, the safety questions, published, withdrawn."""
        page = phone(java_script_enabled=scripts).new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/dataset/new")
        _nine_answers(page)
        page.get_by_role("button", name="Publish").click()

        expect(page.locator(".cd-errors")).to_contain_text("Could it hurt someone?")
        expect(page.locator("[name=contact-0-email]")).to_have_value("water@example.org")
        expect(page.locator("#field-country")).to_have_value("Kenya")

        _safety_and_readers(page)
        page.get_by_role("button", name="Publish").click()
        expect(page.locator("h1[dir]")).to_have_text("Water points in Kibera")
        assert call("package_show", id="water-points-in-kibera")["record_status"] == "live"

        page.get_by_role("link", name="Withdraw this record").click()
        expect(page.get_by_role("heading", name="What we cannot call back")).to_be_visible()
        page.get_by_role("button", name="Withdraw now").click()
        expect(page.locator(".cd-notice-strong")).to_contain_text("Withdrawn.")
        assert phone().new_page().goto(f"{address}/dataset/water-points-in-kibera").status == 404  # type: ignore[union-attr]


class TestSmallScreen:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_nothing_is_wider_than_the_screen(
        self, address: str, editor: dict[str, Any], phone: Phone, language: str
    ) -> None:
        """At 360 pixels no page scrolls sideways, left-to-right or right-to-left, with everything unfolded."""
        page = phone().new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/dataset/new")
        _nine_answers(page)
        _safety_and_readers(page)
        page.get_by_role("button", name="Publish").click()
        addresses = ["/", "/dataset/", "/dataset/?vocab_country=KEN", "/dataset/new", "/dataset/water-points-in-kibera",
                     "/dataset/withdraw/water-points-in-kibera", "/organization/umoja"]  # fmt: skip

        widths = {}
        for path in addresses:
            page.goto(f"{address}/{language}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            widths[path] = page.evaluate("document.documentElement.scrollWidth")

        assert {path for path, width in widths.items() if width > 360} == set()
