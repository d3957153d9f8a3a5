"""Every question of the whole form, answered by keyboard only."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action as call
from playwright.sync_api import expect

from tests.ckan.full_form import answers, full_package

from .test_publish import _signed_in
from .test_quick_record import Keys, Phone, _opened

# Of these each record has its own, or the form no box.
APART = ("name", "id", "owner_org", "resources", "form_id", "seen")
BUTTONS = ("checkbox", "radio", "submit", "button", "file", "hidden")


class Walk:
    """Through a form by Tab, answering each box that is come to; what is folded and has an answer is opened."""

    LOOK = """() => {
        const box = document.activeElement, form = document.querySelector("form.cd-form");
        const names = box.tagName === "SUMMARY"
            ? [...box.parentElement.querySelectorAll("[name]")].map(each => [each.name, each.type, each.value]) : [];
        return {inside: form.contains(box), tag: box.tagName, type: box.type || "", name: box.name || "", names,
            value: box.value || "", id: box.id || "", open: box.parentElement.open === true,
            find: box.classList.contains("cd-list-find")};
    }"""

    def __init__(self, keys: Keys, wanted: dict[str, list[str]]) -> None:
        self.keys, self.wanted = keys, {name: [each for each in values if each] for name, values in wanted.items()}

    def through(self, most: int = 4000) -> None:
        """From the first box of the form to its last one."""
        self.keys.to("form.cd-form *")
        for _ in range(most):
            seen = self.keys.page.evaluate(self.LOOK)
            if not seen["inside"]:
                return
            self._answer(seen)
            self.keys.hit("Tab")
        pytest.fail("the form has no end")

    def publish(self, most: int = 40) -> None:
        """Back to the button, which is near the end."""
        self.keys.page.get_by_role("button", name="Publish", exact=True).last.evaluate("each => each.id = 'last'")
        for _ in range(most):
            if self.keys.page.evaluate("() => document.activeElement.id === 'last'"):
                self.keys.send()
                return
            self.keys.hit("Shift+Tab")
        pytest.fail("no way back to the button")

    def _answer(self, seen: dict[str, Any]) -> None:
        answers = self.wanted.get(seen["name"], [])
        if seen["tag"] == "SUMMARY" and not seen["open"] and self._has_answer(seen["names"]):
            self.keys.hit("Enter")
        elif seen["type"] == "radio" and answers and seen["value"] != answers[0]:
            self._on_to(answers[0])
        elif seen["type"] in ("checkbox", "radio") and seen["value"] in answers:
            self.keys.hit("Space")
        elif seen["tag"] == "SELECT" and answers:
            self._on_to(answers.pop(0))
        elif seen["tag"] in ("INPUT", "TEXTAREA") and answers and seen["type"] not in BUTTONS and not seen["find"]:
            self.keys.hit("Control+A")
            self.keys.write(answers.pop(0))

    def _has_answer(self, names: list[list[str]]) -> bool:
        return any(
            value in self.wanted.get(name, []) if kind in ("checkbox", "radio") else self.wanted.get(name)
            for name, kind, value in names
        )

    def _on_to(self, value: str, most: int = 300) -> None:
        """By the arrows to one of the answers."""
        self.keys.hit("ArrowDown")
        for _ in range(most):
            if self.keys.page.evaluate("() => document.activeElement.value") == value:
                return
            self.keys.hit("ArrowDown")
        pytest.fail(f"no way to {value} by the arrows")


class TestEveryQuestion:
    def test_by_keyboard(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """From the first box to the last; a mistake takes no answer away, and all of them are published."""
        package = full_package()
        before = call("package_create", owner_org="umoja", **package)
        page = phone().new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/dataset/edit/full")
        wanted = answers(BeautifulSoup(page.content(), "html.parser"))
        page.goto(f"{address}/dataset/new")
        keys = Keys(page)
        walk = Walk(keys, wanted | {"response_rate": ["much"]})
        walk.through()
        walk.publish()
        expect(page.locator("#cd-errors")).to_contain_text("much")
        kept = answers(BeautifulSoup(page.content(), "html.parser"))
        said = {name: [each for each in values if each] for name, values in wanted.items() if name not in APART}
        assert {name: [each for each in kept.get(name, []) if each] for name in said} == said | {
            "response_rate": ["much"]
        }
        _opened(page, keys, "section-method")
        keys.type("response_rate", wanted["response_rate"][0])
        keys.press("Publish")

        expect(page.locator("h1[lang]")).to_have_text(package["title_translated"]["en"])
        (name,) = {each["name"] for each in call("package_search", q="*:*")["results"]} - {"full"}
        after = call("package_show", id=name)
        assert {field: after.get(field) for field in package if field not in APART} == {
            field: before.get(field) for field in package if field not in APART
        }
        keys.told("every question")
