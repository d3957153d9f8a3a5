"""Each kind of page has one main heading, by which those who hear it find what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from ckan.tests import factories

PAGES = ("/", "/dataset/", "/dataset/water", "/organization/", "/organization/{owner}", "/organization/about/{owner}",
         "/group/rivers", "/coverage", "/country/", "/goal/5", "/connect", "/account", "/user/login")  # fmt: skip
OF_THE_SIGNED_IN = ("/dataset/quick", "/dataset/new", "/dataset/edit/water", "/dashboard/datasets")


def test_one_main_heading(app: Any, dataset: Callable[..., dict[str, Any]], editor: dict[str, Any]) -> None:
    """As a visitor sees the page, and as somebody who publishes does."""
    factories.Group(name="rivers", title="Rivers")
    owner = dataset(name="water")["organization"]["name"]
    token = {"Authorization": factories.APIToken(user=editor["name"])["token"]}
    pages = {page: app.get(page.format(owner=owner)) for page in PAGES}
    pages |= {page: app.get(page, headers=token) for page in OF_THE_SIGNED_IN}
    found = {page: len(BeautifulSoup(answer.body, "html.parser").select("h1")) for page, answer in pages.items()}

    assert {page: number for page, number in found.items() if number != 1} == {}
