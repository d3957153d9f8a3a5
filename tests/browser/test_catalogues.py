"""The pages about harvests on a phone, in a language from right to left, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import BrowserContext, expect

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.grouping import Grouping, counted
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import ledger, run

from .test_publish import _signed_in

A, B = (
    "https://data.example.org/dataset/with/a/long/address/that/goes/on/and/on/1",
    "https://data.example.org/dataset/2",
)
MAIL = Problem("contact[0].email", "no_mail", "“desk at example.org” is no address", advice="Write one address")


@pytest.fixture
def kenya(address: str, editor: dict[str, Any]) -> str:  # noqa: ARG001 - the site and its user
    """A catalogue with two harvests, the second one with problems, whose people the editor belongs to."""
    call_action(
        "citizendata_member_create", id="kenya", url="https://data.example.org/c.ttl", title="Citizen data Kenya"
    )
    call_action("member_create", id="kenya", object=editor["id"], object_type="user", capacity="editor")
    for iri in (A, B):
        ledger.write({"member_id": "kenya", "iri": iri, "state": "missing", "absences": 2, "removal": "waits"})
    _harvested([Item(A, "added", problems=(MAIL, MAIL))])
    _harvested(
        [
            Item(A, "held", code="removals_wait"),
            Item(B, "held", code="removals_wait"),
            Item("", "note", "Not whole", code="incomplete"),
        ]
    )
    return "kenya"


def _harvested(items: list[Item]) -> None:
    grouping = Grouping()
    grouping.add(items)
    groups = grouping.groups()
    number = SqlRuns().start("kenya")
    counts = {"added": 1200, "held": 2, "unchanged": 35}
    values = {"reasons": counted(groups), "groups": [asdict(each) for each in groups], "records": 1237}
    run.finish(number, {"state": "finished", "counts": counts, **values})
    model.Session.commit()


class TestSmallScreen:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_needs_neither_width_nor_scripts(
        self, address: str, kenya: str, editor: dict[str, Any], phone: Callable[..., BrowserContext], language: str
    ) -> None:
        """At 360 pixels no page scrolls sideways, with all unfolded; a decision is one click."""
        page = phone(java_script_enabled=False).new_page()
        _signed_in(page, address, editor)
        paths = (
            "catalogues",
            f"catalogues/{kenya}",
            f"catalogues/{kenya}/plan",
            f"catalogues/{kenya}/waiting",
            "needs",
        )
        for path in paths:
            page.goto(f"{address}/{language}/{path}")
            for summary in page.locator("main details > summary, [role=main] details > summary").all():
                summary.click()
            width = page.locator("html").evaluate("each => each.scrollWidth")
            assert width <= 360, (path, width)
        page.goto(f"{address}/{language}/catalogues/{kenya}/waiting")
        expect(page.locator(".cd-problems > li")).to_have_count(2)
        page.locator(".cd-problems button[value=refuse]").first.click()
        expect(page.locator(".cd-problems > li")).to_have_count(1)
