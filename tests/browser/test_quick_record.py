"""By keyboard only: the quick record in French, a full one in English; and over a poor line that is cut twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ckan.tests.helpers import call_action as call
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.ckan.quick_form import records

from .test_publish import _signed_in

Phone = Callable[..., BrowserContext]
# 400 kbit/s both ways, 400 ms there and back.
POOR = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FRENCH: tuple[tuple[str, str], ...] = (
    ("title_translated-fr", "Points d'eau à Kibera 🚰"),
    ("notes_translated-fr", "Où les gens vont chercher l'eau, selon celles qui la cherchent."),
    ("country", "Kenya"),
    ("temporal_coverage-0-start", "2023"),
    ("contact-0-name", "Bureau de l'eau"),
    ("contact-0-email", "eau@example.org"),
)
TICKED = ("population_group=women", "collection_mode=participatory_mapping", "initiator_kind=community_organisation")
CHOSEN = (
    "access_rights=NON_PUBLIC",
    "personal_data=none",
    "sensitivity=low_or_none",
    "indigenous_data=no",
    "audience=everyone",
)


class Keys:
    """Somebody who has a keyboard and nothing else: goes from box to box by Tab, types, presses Space and Enter."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.characters, self.began = page, 0, 0, time.monotonic()

    def told(self, what: str) -> None:
        """Say how much a person would have to do: docs/how-to/describe-your-data.md reckons with it."""
        seconds = time.monotonic() - self.began
        print(f"{what} by keyboard: {self.keys} keys, {self.characters} characters, {seconds:.0f} seconds of a machine")

    def hit(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.characters += len(text)
        self.page.keyboard.insert_text(text)

    def to(self, selector: str, most: int = 400) -> None:
        """Tab until this element has the focus."""
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.hit("Tab")
        pytest.fail(f"no way to {selector} by keyboard")

    def type(self, name: str, text: str) -> None:
        self.to(f"[name='{name}']:not(.cd-list-find)")
        self.hit("Control+A")
        self.write(text)

    def tick(self, answer: str) -> None:
        name, _, value = answer.partition("=")
        self.to(f"[name='{name}'][value='{value}']")
        self.hit("Space")

    def choose(self, answer: str) -> None:
        """One of a group of radio buttons, which Tab enters at its first one: then the arrows."""
        name, _, value = answer.partition("=")
        self.to(f"[name='{name}']")
        self.hit("Space")
        for _ in range(8):
            if self.page.evaluate("value => document.activeElement.value === value", value):
                return
            self.hit("ArrowDown")
        pytest.fail(f"no way to {answer} by keyboard")

    def press(self, words: str) -> None:
        """The button of these words."""
        button = self.page.get_by_role("button", name=words, exact=True).last
        button.evaluate("each => each.setAttribute('data-wanted', '')")
        self.to("[data-wanted]")
        self.send()

    def send(self) -> None:
        """Enter on a button that leads to another page."""
        with self.page.expect_navigation(timeout=60_000):
            self.hit("Enter")


def _answer(keys: Keys, texts: tuple[tuple[str, str], ...]) -> None:
    order = [*texts[:4], *TICKED, *texts[4:], *CHOSEN]
    # In the order of the page, as somebody goes through it.
    names = [str(name) for name in keys.page.locator("form.cd-form [name]").evaluate_all("all => all.map(e => e.name)")]
    for step in sorted(order, key=lambda each: names.index(each[0] if isinstance(each, tuple) else each.split("=")[0])):
        if isinstance(step, tuple):
            keys.type(*step)
        elif step in TICKED:
            keys.tick(step)
        else:
            keys.choose(step)


class TestQuickRecord:
    def test_in_french_by_keyboard(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """An error names the question and loses nothing; what others see is shown; then it is published."""
        page = phone().new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/fr/dataset/quick")
        keys = Keys(page)
        _answer(keys, (*FRENCH[:-1], ("contact-0-email", "pas une adresse")))
        keys.press("Suite : ce que les autres verront")

        expect(page.locator("#cd-errors")).to_be_focused()
        expect(page.locator("#cd-errors")).to_contain_text("pas une adresse")
        for name, text in FRENCH[:-1]:
            expect(page.locator(f"[name='{name}']:not(.cd-list-find)").first).to_have_value(text)
        keys.type("contact-0-email", "eau@example.org")
        keys.press("Suite : ce que les autres verront")
        expect(page.get_by_role("heading", name="Ce qu'ils verront exactement")).to_be_visible()
        keys.press("Publier")

        expect(page.locator("h1[lang=fr]")).to_have_text(FRENCH[0][1])
        (record,) = call("package_search", q="*:*")["results"]
        assert (record["record_status"], record["access_rights"], record["resources"]) == ("live", "NON_PUBLIC", [])
        keys.told("quick record")

    def test_over_a_poor_line_that_is_cut_twice(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """Cut while saving: what was typed is there again, also in a new tab; far under a megabyte in all."""
        context = phone()
        context.set_default_timeout(60_000)
        page = context.new_page()
        _signed_in(page, address, editor)
        page.goto("about:blank")
        line, load = _poor(page), Load()
        line.send("Network.clearBrowserCache")
        load.watch(line)
        with load.waited():
            page.goto(f"{address}/dataset/quick")
        first = load.all, load.seconds
        page.fill("[name=title_translated-en]", "Water points")
        page.fill("[name=notes_translated-en]", "Where people fetch water.")
        _cut(page, line, load, "Keep as a draft")
        page.goto(f"{address}/dataset/quick", wait_until="domcontentloaded")
        expect(page.locator(".cd-copy")).to_be_visible()
        expect(page.locator("[name=title_translated-en]")).to_have_value("Water points")
        _answer(Keys(page), tuple((name.replace("-fr", "-en"), text) for name, text in FRENCH))
        _cut(page, line, load, "Next: see what others will see")
        page.close()

        page = context.new_page()
        load.watch(_poor(page))
        page.goto(f"{address}/dataset/quick", wait_until="domcontentloaded")
        for name, text in FRENCH:
            expect(page.locator(f"[name='{name.replace('-fr', '-en')}']:not(.cd-list-find)").first).to_have_value(text)
        for answer in (*TICKED, *CHOSEN):
            name, _, value = answer.partition("=")
            expect(page.locator(f"[name='{name}'][value='{value}']")).to_be_checked()
        with load.waited():
            page.get_by_role("button", name="Next: see what others will see").click()
            page.get_by_role("button", name="Publish").click()
            expect(page.locator("h1[lang]")).to_have_text(FRENCH[0][1], timeout=60_000)

        assert call("package_search", q="*:*")["count"] == 1
        page.goto(f"{address}/dataset/quick", wait_until="domcontentloaded")
        expect(page.locator("[name=title_translated-en]")).to_have_value("")
        print(
            f"poor line: first load {first[0]} bytes, {first[1]:.1f} s; in all {load.all} bytes, {load.seconds:.1f} s"
        )
        assert first[0] < 150_000
        assert load.all < 200_000

    def test_gone_back_to_is_the_same_record(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """The browser asks for the page anew; what stands in it belongs to the draft, not to a second one."""
        page = phone().new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/dataset/quick")
        for title in ("Water points", "Springs"):
            page.fill("[name=title_translated-en]", title)
            page.get_by_role("button", name="Keep as a draft").click()
            page.wait_for_url("**/dataset/quick/water-points")
            page.go_back()
            expect(page.locator("[name=title_translated-en]")).to_have_value(title)
        page.goto(f"{address}/dataset/quick")
        page.fill("[name=title_translated-en]", "Schools")
        page.get_by_role("button", name="Keep as a draft").click()
        page.wait_for_url("**/dataset/quick/schools")

        assert records() == ["schools", "water-points"]

    def test_begun_by_a_link_beside_what_was_typed(self, address: str, phone: Phone) -> None:
        """Neither the copy in the browser nor the answers of a link take the other away."""
        page = phone().new_page()
        page.goto(f"{address}/dataset/quick")
        page.fill("[name=title_translated-en]", "Water points")
        page.check("[name=population_group][value=girls]")
        page.wait_for_function("Object.keys(sessionStorage).length > 0")
        page.goto(f"{address}/dataset/quick?population_group=women&sdg_goal=5&country=KEN")

        expect(page.locator(".cd-copy")).to_be_visible()
        expect(page.locator("[name=title_translated-en]")).to_have_value("Water points")
        expect(page.locator("#field-country")).to_have_value("Kenya")
        for answer in ("population_group][value=girls", "population_group][value=women", "sdg_goal][value='5'"):
            expect(page.locator(f"[name={answer}]")).to_be_checked()

    def test_two_tabs_take_nothing_from_each_other(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """Each has a copy of its own; the next one begins with the newest, then with the other one."""
        context = phone()
        _signed_in(context.new_page(), address, editor)
        tabs = [context.new_page(), context.new_page(), context.new_page()]
        for tab in tabs[:2]:
            tab.goto(f"{address}/dataset/quick")
        for tab, title in zip(tabs, ("Water points", "Schools"), strict=False):
            tab.fill("[name=title_translated-en]", title)
            tab.wait_for_function("title => Object.values(localStorage).some(each => each.includes(title))", arg=title)
        page = tabs[2]
        for title in ("Schools", "Water points"):
            page.goto(f"{address}/dataset/quick")
            expect(page.locator("[name=title_translated-en]")).to_have_value(title)
            with page.expect_navigation():
                page.locator(".cd-copy button").click()

        expect(page.locator("[name=title_translated-en]")).to_have_value("")


def _poor(page: Page) -> CDPSession:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", POOR)
    return line


class Load:
    """The bytes that came over the line, and the seconds that somebody waited for them."""

    def __init__(self) -> None:
        self.all, self.seconds = 0, 0.0

    def watch(self, line: CDPSession) -> None:
        line.on("Network.loadingFinished", self._came)

    @contextmanager
    def waited(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds += time.monotonic() - began

    def _came(self, event: dict[str, Any]) -> None:
        self.all += int(event["encodedDataLength"])


def _cut(page: Page, line: CDPSession, load: Load, button: str) -> None:
    """Press a button while there is no line, and see the browser's own page of it, which came over none."""
    before = load.all
    line.send("Network.emulateNetworkConditions", POOR | {"offline": True})
    page.get_by_role("button", name=button).click(no_wait_after=True)
    page.wait_for_timeout(500)
    load.all = before
    line.send("Network.emulateNetworkConditions", POOR)


class TestFullRecord:
    def test_in_english_by_keyboard(self, address: str, editor: dict[str, Any], phone: Phone) -> None:
        """Sections one by one, each saved by itself; rows, lists to look through, an error, and it is published."""
        page = phone().new_page()
        _signed_in(page, address, editor)
        page.goto(f"{address}/dataset/new")
        keys = Keys(page)
        _answer(keys, tuple((name.replace("-fr", "-en"), text) for name, text in FRENCH))
        keys.press("Keep as a draft")
        page.wait_for_url("**/dataset/edit/**")
        expect(page.locator(".cd-progress li")).to_have_count(3)

        _opened(page, keys, "section-people")
        keys.to("[name=sdg_goal].cd-list-find")
        keys.write("clean water")
        keys.hit("Enter")
        keys.type("population_description-en", "Women who fetch water.")
        _saved(page, keys, "section-people")
        expect(page.locator("[name=sdg_goal][value='6']")).to_be_checked()

        _opened(page, keys, "section-partners")
        for index, partner in enumerate(("Umoja", "Maji", "Safi")):
            _row(page, keys, "partner", index, partner)
        _saved(page, keys, "section-partners")

        _opened(page, keys, "section-method")
        keys.type("response_rate", "much")
        _saved(page, keys, "section-method")
        expect(page.locator("#cd-errors")).to_contain_text("much")
        keys.type("response_rate", "82.5")
        keys.press("Publish")

        expect(page.locator("h1[lang]")).to_have_text(FRENCH[0][1])
        (record,) = call("package_search", q="*:*")["results"]
        assert [row["name"] for row in record["partner"]] == ["Umoja", "Maji", "Safi"]
        assert (record["sdg_goal"], record["response_rate"]) == (["6"], 82.5)
        keys.told("full record")


def _opened(page: Page, keys: Keys, section: str) -> None:
    """Unfold a section with Enter, and what it lies in."""
    page.evaluate("() => document.activeElement.blur()")
    if page.locator("details.cd-section").first.get_attribute("open") is None:
        keys.to("details.cd-section > summary")
        keys.hit("Enter")
    keys.to(f"#{section} > summary")
    if page.locator(f"#{section}").get_attribute("open") is None:
        keys.hit("Enter")


def _saved(page: Page, keys: Keys, section: str) -> None:
    """The button at the end of a section."""
    keys.to(f"#{section} .cd-keep button")
    keys.send()
    page.evaluate("() => document.activeElement.blur()")


def _row(page: Page, keys: Keys, field: str, index: int, text: str) -> None:
    """A row: in sight, folded in, or made by the button below."""
    fold = f"#field-{field} details"
    if index and page.locator(fold).get_attribute("open") is None:
        keys.to(f"{fold} > summary")
        keys.hit("Enter")
    if page.locator(f"[name='{field}-{index}-name']").count() == 0:
        keys.to(f"{fold} > button")
        keys.hit("Enter")
    keys.type(f"{field}-{index}-name", text)
