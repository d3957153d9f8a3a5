"""The page on which a statistical office answers what a record says in its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from tests.ckan.offices import CLAIM, CONFIRM, DENY, LIST, SHOW, act, standing

Make = Callable[..., dict[str, Any]]


def _form_values(page: str) -> dict[str, str]:
    """What the first form of a page sends unseen."""
    hidden = BeautifulSoup(page, "html.parser").select('section form input[type="hidden"]')
    return {str(each["name"]): str(each["value"]) for each in hidden if each["name"] in ("field", "value", "digest")}


class TestPage:
    @pytest.fixture
    def browse(self, app: Any) -> Callable[..., Any]:
        """Asks for an address as a user, with a form if one is given."""

        def ask(user: dict[str, Any] | None, address: str, **form: str) -> Any:
            headers = {"Authorization": factories.APIToken(user=user["name"])["token"]} if user else {}
            if form:
                return app.post(address, headers=headers, data=form, follow_redirects=False)
            return app.get(address, headers=headers)

        return ask

    def test_tells_how_a_statement_stands(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """In a sentence on the page of the record, in the reader's words."""
        address = f"/dataset/{stated['name']}"
        assert "Stated by the producer, not confirmed by the statistical office." in browse(None, address).body

        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        assert "Confirmed by Bureau of Statistics on " in browse(None, address).body

        act(DENY, statistician, id=stated["id"], field="integration_status", reason="Never <seen>.")
        assert "Denied by Bureau of Statistics: Never &lt;seen&gt;." in browse(None, address).body

    def test_only_the_office_gets_the_form(
        self, stated: dict[str, Any], statistician: dict[str, Any], editor: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """The link stands on the page of the record for those who may answer."""
        form = f"/dataset/statement/{stated['name']}"
        assert form in browse(statistician, f"/dataset/{stated['name']}").body
        assert form not in browse(editor, f"/dataset/{stated['name']}").body

        page = BeautifulSoup(browse(statistician, form).body, "html.parser")
        assert page.select_one('form input[name="value"]')["value"] == "integrated"  # type: ignore[index]
        assert browse(editor, form).status_code == 403
        assert browse(statistician, "/dataset/statement/nothing").status_code == 404

    def test_keeps_an_answer(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """Back on the record, which says it; what is missing is told beside what was typed."""
        form = f"/dataset/statement/{stated['name']}"
        answer = _form_values(browse(statistician, form).body)

        assert browse(statistician, form, **answer).status_code == 422
        refused = browse(statistician, form, answer="deny", reason="", **answer)
        assert (refused.status_code, "Say why" in refused.body) == (422, True)
        assert browse(statistician, form, answer="deny", reason="Not in our books.", **answer).status_code == 302
        assert standing(stated["id"])[0] == "denied"

    def test_shows_what_an_answer_rests_on(
        self, dataset: Make, statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """With the value, since the office answers for it too; the form sends the digest that the action knows."""
        detail, partner = {"product": "National SDG report 2023"}, {"name": "Division of Water", "role": ["reviewer"]}
        record = dataset(integration_detail=[detail], nso_partner=[partner], **CLAIM)
        page = browse(statistician, f"/dataset/statement/{record['name']}").body
        shown = BeautifulSoup(page, "html.parser").select_one("section .cd-facts")

        assert shown is not None
        assert all(word in shown.text for word in ("National SDG report 2023", "Division of Water", "Kenya"))
        assert _form_values(page)["digest"] == act(SHOW, None, id=record["id"])[0]["digest"]

    @pytest.mark.parametrize(
        "later",
        [
            {"integration_status": "formerly_used"},
            {"integration_detail": [{"product": "National SDG report 2023"}]},
            {"integration_status": "none"},
        ],
    )
    def test_keeps_no_answer_to_what_changed(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any], later: dict[str, Any]
    ) -> None:
        """The page says so and shows what the record says now; whoever looks again may answer that."""
        form = f"/dataset/statement/{stated['name']}"
        seen = _form_values(browse(statistician, form).body)
        call("package_patch", id=stated["id"], **later)
        refused = browse(statistician, form, answer="confirm", reason="In our books.", **seen)
        notice = BeautifulSoup(refused.body, "html.parser").select_one('[role="alert"]')

        assert (refused.status_code, act(LIST, None, id=stated["id"])) == (422, [])
        assert notice is not None
        assert "The description changed since you looked at it" in notice.text
        assert notice.select_one(f'a[href$="/dataset/{stated["name"]}"]') is not None
        now = _form_values(refused.body)
        if now:
            assert ">In our books.</textarea>" in refused.body
            assert browse(statistician, form, answer="confirm", reason="", **now).status_code == 302
            assert standing(stated["id"])[0] == "confirmed"

    @pytest.mark.parametrize("answer", [{"answer": "deny", "reason": ""}, {}])
    def test_remembers_what_was_seen_while_something_is_missing(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any], answer: dict[str, str]
    ) -> None:
        """Who is only asked for a reason isn't told to look again, so that what changed meanwhile is refused then."""
        form = f"/dataset/statement/{stated['name']}"
        seen = _form_values(browse(statistician, form).body)
        call("package_patch", id=stated["id"], integration_detail=[{"product": "National SDG report 2023"}])
        asked = _form_values(browse(statistician, form, **answer, **seen).body)
        refused = browse(statistician, form, answer="deny", reason="Not in our books.", **asked)

        assert (refused.status_code, act(LIST, None, id=stated["id"])) == (422, [])
        assert "The description changed since you looked at it" in refused.body

    def test_keeps_no_answer_without_a_digest(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """A page that was open since before there was one shows nobody what it stood for."""
        seen = {"field": "integration_status", "value": "integrated"}
        refused = browse(statistician, f"/dataset/statement/{stated['name']}", answer="confirm", **seen)

        assert (refused.status_code, standing(stated["id"])[0]) == (422, "stated_by_producer")
