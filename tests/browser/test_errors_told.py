"""What is wrong with an answer is heard at its box: it is part of the description that a screen reader reads out."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from .axe import violations
from .test_look import UNFOLD
from .test_publish import _signed_in
from .test_quick_record import Phone

# What nobody would take, by the name of the box; all else is left open.
WRONG = {
    "contact-0-email": "no address",
    "temporal_coverage-0-start": "long ago",
    "country": "Atlantis",
    "resources-0-url": "nowhere",
}
WRONG_IN_THE_WHOLE = {
    "response_rate": "much",
    "sample_size": "many",
    "spatial_coverage-0-geom": "here",
    "resources-0-size": "large",
    "theme": "nothing of the kind",
}
# Boxes with an error in their description: the ids of errors by that of each box, or of the group around several.
TOLD = """() => [...document.querySelectorAll("[aria-invalid=true]")].map((box, number) => {
    box.setAttribute("data-wrong", number);
    const ids = (box.getAttribute("aria-describedby") || "").split(" ").filter(id => id.startsWith("wrong-"));
    return [number, ids];
})"""
# Errors in sight, by id; those in the list above have none.
SHOWN = (
    """() => Object.fromEntries([...document.querySelectorAll(".cd-error")].map(each => [each.id, each.textContent]))"""
)
# Boxes in a question that is wrong as a whole, and neither they nor a group around them say so.
SILENT = """() => [...document.querySelectorAll(".cd-field-wrong > .cd-error")].flatMap(error =>
    [...error.parentElement.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(box =>
        !box.closest("[aria-invalid=true]") && !box.classList.contains("cd-list-find")).map(box => box.name))"""


def _description(line: CDPSession, selector: str) -> str:
    """The accessible description that the browser hands on."""
    root = line.send("DOM.getDocument")["root"]["nodeId"]
    node = line.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    (found, *_) = line.send("Accessibility.getPartialAXTree", {"nodeId": node, "fetchRelatives": False})["nodes"]
    return str(found.get("description", {}).get("value", ""))


def _untold(page: Page) -> dict[str, str]:
    """The errors in sight that are in no description."""
    line = page.context.new_cdp_session(page)
    shown: dict[str, str] = page.evaluate(SHOWN)
    left = dict(shown)
    for number, ids in page.evaluate(TOLD):
        description = _description(line, f"[data-wrong='{number}']")
        for id_ in ids:
            if shown[id_] in description:
                left.pop(id_, None)
    return left


def _fill(page: Page, answers: dict[str, str]) -> None:
    page.evaluate(UNFOLD)
    for name, text in answers.items():
        page.locator(f"[name='{name}']").first.fill(text)


def _dead_ends(page: Page) -> list[str]:
    """The links of the list of errors after which nothing of the form has the focus."""
    found = []
    for link in page.locator("#cd-errors a").all():
        address = link.get_attribute("href") or ""
        link.press("Enter")
        if page.evaluate("address => document.activeElement.id !== address.slice(1)", address):
            found.append(address)
    return found


@pytest.fixture
def page(address: str, editor: dict[str, Any], phone: Phone) -> Page:
    """Of somebody who may publish."""
    opened = phone(base_url=address).new_page()
    _signed_in(opened, address, editor)
    return opened


@pytest.mark.parametrize("language", ["en", "ar"])
class TestErrorsAreTold:
    @pytest.mark.parametrize(
        ("path", "wrong"),
        [("/dataset/quick", WRONG), ("/dataset/new", WRONG | WRONG_IN_THE_WHOLE)],
        ids=["quick", "whole"],
    )
    def test_at_each_box(self, page: Page, language: str, path: str, wrong: dict[str, str]) -> None:
        """Each error in sight is in the description of its box; each of the list above leads to one; axe agrees."""
        page.goto(f"/{language}{path}")
        _fill(page, wrong)
        with page.expect_navigation():
            page.locator(".cd-actions button").first.click()

        expect(page.locator("#cd-errors")).to_be_focused()
        # As many as the answers above and those that are missing: title, description, who, how, by whom …
        assert len(page.evaluate(SHOWN)) >= len(wrong) + 8
        assert _untold(page) == {}
        assert page.evaluate(SILENT) == []
        assert _dead_ends(page) == []
        assert violations(page) == []

    def test_that_a_text_is_too_long(self, page: Page, language: str) -> None:
        """While it is typed already; once it is short enough, nothing is wrong any more."""
        page.goto(f"/{language}/dataset/quick")
        box = f"[name=title_translated-{language}]"
        page.fill(box, "long " * 100)
        line = page.context.new_cdp_session(page)

        told = page.locator(f"{box} + .cd-long").text_content()
        assert told
        assert told in _description(line, box)
        assert page.get_attribute(box, "aria-invalid") == "true"
        page.fill(box, "short")
        assert page.get_attribute(box, "aria-invalid") is None
        assert told not in _description(line, box)


class TestRows:
    def test_a_new_row_is_not_wrong(self, page: Page) -> None:
        """What was told of the row before it stays there."""
        page.goto("/dataset/quick")
        _fill(page, {"contact-0-email": "no address", "contact-1-email": "none either"})
        with page.expect_navigation():
            page.locator(".cd-actions button").first.click()
        group = page.locator("#field-contact")
        group.evaluate("each => each.querySelectorAll('details').forEach(fold => fold.open = true)")
        group.locator("details > button").click()

        rows = group.locator("[name$='-email']")
        wrong = [box.get_attribute("aria-invalid") for box in rows.all()]
        described = [box.get_attribute("aria-describedby") or "" for box in rows.all()]
        assert wrong[:2] == ["true", "true"]
        assert set(wrong[2:]) == {None}
        assert [("wrong-" in each) for each in described] == [True, True, *[False] * (rows.count() - 2)]


class TestSigningIn:
    def test_that_name_and_password_do_not_fit(self, address: str, phone: Phone) -> None:
        """Is heard at both boxes of the form that came back."""
        page = phone().new_page()
        page.goto(f"{address}/dataset/quick")
        page.locator(".cd-actions button").first.click()
        page.fill("#sign_in_name", "nobody")
        page.fill("#sign_in_password", "a guess")
        page.locator(".cd-sign-in + button").click()
        expect(page.locator("#wrong-password")).to_be_visible()

        told = page.locator("#wrong-password").text_content() or ""
        line = page.context.new_cdp_session(page)
        assert [_description(line, box) for box in ("#sign_in_name", "#sign_in_password")] == [told, told]
