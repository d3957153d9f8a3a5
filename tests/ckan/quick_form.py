"""The quick form as an editor sends it, and what stands in the answers to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories

from tests.ckan.full_form import answers
from tests.ckan.test_form_kinds import _soup as soup

__all__ = ["ANSWERS", "FORM_ID", "QUICK", "Send", "answers", "records", "said", "send", "soup", "token", "typed"]

QUICK = "/dataset/quick"
FORM_ID = "0123456789abcdef0123456789abcdef"
ANSWERS: dict[str, Any] = {
    "save": "check",
    "form_id": FORM_ID,
    "title_translated-en": "Water points",
    "notes_translated-en": "Where people fetch water.",
    "country": ["Kenya"],
    "temporal_coverage-0-start": "2023",
    "population_group": ["women"],
    "collection_mode": ["participatory_mapping"],
    "initiator_kind": ["community_organisation"],
    "contact-0-name": "Water desk",
    "contact-0-email": "water@example.org",
    "access_rights": "NON_PUBLIC",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
}
Send = Callable[..., Any]


@pytest.fixture
def token(editor: dict[str, Any]) -> dict[str, str]:
    """By which the editor's requests are known."""
    return {"Authorization": factories.APIToken(user=editor["name"])["token"]}


@pytest.fixture
def send(app: Any, token: dict[str, str]) -> Send:
    """Sends the quick form as the editor does; arguments replace answers, or name another page."""

    def post(address: str = QUICK, **answers: Any) -> Any:
        data = {name: value for name, value in (ANSWERS | answers).items() if value is not None}
        return app.post(address, data=data, headers=token, follow_redirects=False)

    return post


def typed(response: Any) -> dict[str, Any]:
    """What stands in the boxes of a form."""
    page = soup(response)
    found = page.select(".cd-form input:not(.cd-list-find):not([type=radio]):not([type=checkbox])")
    boxes = {str(box["name"]): box.get("value") for box in found}
    return boxes | {str(box["name"]): box.get_text().strip() for box in page.select(".cd-form textarea")}


def said(response: Any) -> str:
    return " ".join(each.get_text(" ", strip=True) for each in soup(response).select(".cd-errors"))


def records() -> list[str]:
    return [name for (name,) in model.Session.query(model.Package.name).order_by(model.Package.name)]
