"""Asking for an account, and one click that admits."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action as call
from ckan.tests.helpers import changed_config

from ckanext.citizendata.model import account

WISH = {
    "ask_fullname": "Amina Otieno",
    "ask_email": "Amina@Example.org",
    "ask_password": "correct-horse-9",
    "ask_reason": "Our survey of 40 villages.",
}
DRAFT = {"title_translated-en": "Forty villages", "country": "Kenya", "contact-0-email": "not a mailbox"}

pytestmark = pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)


@pytest.fixture(autouse=True)
def nobody_asked(site: None) -> None:  # noqa: ARG001
    """Nobody has asked within the last hour."""
    redis = connect_to_redis()
    for key in redis.keys("citizendata:rate:*"):
        redis.delete(key)


@pytest.fixture
def admin(organization: dict[str, Any]) -> dict[str, Any]:
    """An administrator of one organisation."""
    return _member(organization, "admin")


def _member(organization: dict[str, Any], role: str) -> dict[str, Any]:
    user = factories.User()
    call("member_create", id=organization["id"], object=user["id"], object_type="user", capacity=role)
    return user


def _token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


def _editors(organization: dict[str, Any]) -> list[str]:
    found = call("member_list", id=organization["id"], object_type="user", capacity="editor")
    return [each[0] for each in found]


def _asked(organization: dict[str, Any], **more: str) -> dict[str, str]:
    return WISH | {"ask_organization": organization["name"]} | more


class TestAsking:
    def test_is_admitted_with_one_click(self, app: Any, organization: dict, admin: dict) -> None:
        """An account, the role of an editor, and the draft that was begun, without the answer that can't be kept."""
        app.post("/account", data=_asked(organization) | DRAFT)
        page = BeautifulSoup(app.get("/accounts", headers=_token(admin)).body, "html.parser")
        sent = {
            box["name"]: box["value"] for box in page.select(".cd-problems input[name]") if box["name"] != "_csrf_token"
        }
        app.post("/accounts", data=sent | {"answer": "admit"}, headers=_token(admin), follow_redirects=False)
        user = model.User.by_email("amina@example.org")

        assert user is not None
        assert (user.fullname, user.state) == ("Amina Otieno", "active")
        assert user.validate_password(WISH["ask_password"])
        assert _editors(organization) == [user.id]
        (draft,) = model.Session.query(model.Package).all()
        assert (draft.state, draft.creator_user_id, draft.title) == ("draft", user.id, "Forty villages")
        assert account.number(None) == 0

    @pytest.mark.parametrize("state", ["active", "pending", "asked"])
    def test_tells_nobody_who_has_an_account(self, app: Any, organization: dict, state: str) -> None:
        """The same page for an address that is known; nothing of what is there changes."""
        if state == "asked":
            app.post("/account", data=_asked(organization, ask_email="known@example.org", ask_fullname="First"))
        else:
            factories.User(email="known@example.org", state=state)
        before = account.number(None)
        known = app.post("/account", data=_asked(organization, ask_email="KNOWN@example.org"))
        unknown = app.post("/account", data=_asked(organization, ask_email="nobody@example.org"))

        assert known.status_code == unknown.status_code == 200
        assert _main(known) == _main(unknown)
        assert account.number(None) == before + 1
        assert "Amina" not in [row.fullname for row in account.waiting(None, 9) if row.email == "known@example.org"]

    def test_names_what_is_wrong_and_loses_nothing(self, app: Any) -> None:
        """Name, address, password and organisation, each at its box; the begun answers stay."""
        nothing = dict.fromkeys(WISH, "") | {"ask_email": "amina"}
        answer = app.post("/account", data=nothing | DRAFT)
        page = BeautifulSoup(answer.body, "html.parser")
        links = {str(link["href"]) for link in page.select(".cd-errors a")}

        assert answer.status_code == 422
        assert links == {"#ask_fullname", "#ask_email", "#ask_password", "#ask_organization"}
        assert page.select_one("#ask_email")["value"] == "amina"  # type: ignore[index]
        assert page.select_one("#ask_email[aria-invalid]")["aria-describedby"] == "help-ask_email wrong-ask_email"  # type: ignore[index]
        assert page.select_one("#wrong-ask_email").get_text().startswith("Write one e-mail address")  # type: ignore[union-attr]
        assert page.select_one("[name=title_translated-en]")["value"] == "Forty villages"  # type: ignore[index]
        assert account.number(None) == 0

    def test_takes_any_character(self, app: Any, organization: dict) -> None:
        """Also those that a database refuses; what is too long is told by the name of its question."""
        odd = "a\x00b 🚰 \u202eabc\u202c"
        sent = _asked(organization, ask_fullname=odd, ask_reason=odd, ask_password=f"correct-horse {odd}")
        long = app.post("/account", data=sent | {"ask_reason": "x" * 3000})
        page = BeautifulSoup(long.body, "html.parser")
        assert "A few words to whoever decides: Write at most 2000" in page.select_one(".cd-errors").get_text()  # type: ignore[union-attr]

        assert app.post("/account", data=sent | DRAFT | {"title_translated-en": odd}).status_code == 200
        assert [row.fullname for row in account.waiting(None, 9)] == ["a\ufffdb 🚰 \u202eabc\u202c"]

    def test_of_what_is_too_long_to_go_along(self, app: Any, organization: dict) -> None:
        """It stays in the page to be shortened."""
        answer = app.post("/account", data=_asked(organization) | DRAFT | {"notes_translated-en": "x" * 400_000})
        page = BeautifulSoup(answer.body, "html.parser")

        assert "Shorten the longest answer" in page.select_one(".cd-errors").get_text()  # type: ignore[union-attr]
        assert len(page.select_one("[name=notes_translated-en]")["value"]) == 400_000  # type: ignore[index]
        assert account.number(None) == 0

    def test_of_a_password_that_is_too_long(self, app: Any, organization: dict) -> None:
        """It is told so, and not that it is too short."""
        answer = app.post("/account", data=_asked(organization, ask_password="x" * 201))

        assert "Write at most 200 characters." in BeautifulSoup(answer.body, "html.parser").get_text()

    @pytest.mark.parametrize("answers", ["a", 5, [5], [["a"]], {"a": "b"}])
    def test_by_api_with_answers_that_are_none(self, organization: dict, answers: Any) -> None:
        """What they should be is told."""
        wish = {name.removeprefix("ask_"): value for name, value in WISH.items()}
        with pytest.raises(tk.ValidationError) as raised:
            call("citizendata_account_ask", **wish, organization=organization["name"], answers=answers)

        assert raised.value.error_dict == {"answers": ["Write pairs of a name and a value."]}

    def test_is_limited(self, app: Any, organization: dict) -> None:
        """From one place ten times an hour; what was typed stays."""
        statuses = [
            app.post("/account", data=_asked(organization, ask_email=f"a{number}@example.org")).status_code
            for number in range(12)
        ]

        assert statuses == [200] * 10 + [422] * 2
        assert account.number(None) == 10

    @pytest.mark.ckan_config("ckanext.citizendata.contact", "desk@example.org")
    def test_forgotten_passwords_of_a_site_without_mail(self, app: Any) -> None:
        """No link is offered that would never arrive: the people of the site are named, here and where one connects."""
        for page in ("/user/login", "/connect", "/about"):
            assert "mailto:desk@example.org" in app.get(page).body, page
        assert "/user/reset" not in app.get("/user/login").body

    @pytest.mark.ckan_config("ckanext.citizendata.account_requests", False)
    def test_can_be_switched_off(self, app: Any, organization: dict) -> None:
        """Page and button are gone."""
        assert app.get("/account").status_code == 403
        assert app.post("/account", data=_asked(organization)).status_code == 403
        assert "/account" not in app.get("/user/login").body

    def test_by_who_has_an_account(self, app: Any, organization: dict, admin: dict) -> None:
        """She becomes an editor; her name and address aren't asked for."""
        user = factories.User()
        app.post("/account", data={"ask_organization": organization["name"]}, headers=_token(user))
        (row,) = account.waiting(None, 9)
        call("citizendata_account_admit", {"user": admin["name"], "ignore_auth": False}, id=row.id)

        assert _editors(organization) == [user["id"]]


def _main(response: Any) -> str:
    return BeautifulSoup(response.body, "html.parser").select_one("[role=main]").get_text(" ", strip=True)  # type: ignore


class TestDeciding:
    def test_is_for_administrators_of_the_organisation(
        self, app: Any, organization: dict, admin: dict, editor: dict, stranger: dict
    ) -> None:
        """And of the site; others see neither names nor addresses."""
        other = _member(factories.Organization(), "admin")
        app.post("/account", data=_asked(organization))
        (row,) = account.waiting(None, 9)

        assert "Amina" in app.get("/accounts", headers=_token(admin)).body
        assert "Amina" in app.get("/accounts", headers=_token(factories.Sysadmin())).body
        assert "Amina" not in app.get("/accounts", headers=_token(other)).body
        for user in (editor, stranger):
            assert app.get("/accounts", headers=_token(user)).status_code == 403
        for user in (editor, stranger, other):
            for action in ("citizendata_account_admit", "citizendata_account_refuse"):
                with pytest.raises(tk.NotAuthorized):
                    call(action, {"user": user["name"], "ignore_auth": False}, id=row.id)
        assert account.number(None) == 1

    def test_nobody_admits_to_an_organisation_of_others(self, organization: dict, app: Any, admin: dict) -> None:
        """Not even a request that is hers to decide."""
        app.post("/account", data=_asked(organization))
        (row,) = account.waiting(None, 9)
        with pytest.raises(tk.NotAuthorized):
            call(
                "citizendata_account_admit",
                {"user": admin["name"], "ignore_auth": False},
                id=row.id,
                organization=factories.Organization()["id"],
            )

        assert account.number(None) == 1

    def test_refused_leaves_nothing(self, app: Any, organization: dict, admin: dict) -> None:
        """And who decides second is told so."""
        app.post("/account", data=_asked(organization) | DRAFT)
        (row,) = account.waiting(None, 9)
        for sentence in ("Refused.", "Somebody has decided"):
            told = app.post("/accounts", data={"id": row.id, "answer": "refuse"}, headers=_token(admin))
            assert sentence in told.body

        assert (account.number(None), model.User.by_email("amina@example.org")) == (0, None)

    def test_a_new_organisation(self, app: Any) -> None:
        """The site's administrator makes it with the same click, and one with two."""
        app.post("/account", data=WISH | {"ask_organization_name": "Forty Villages Network"})
        (row,) = account.waiting(None, 9)
        sent = {"id": row.id, "answer": "admit", "organization": "new", "new_organization": row.organization_name}
        admin = _token(factories.Sysadmin())
        for _ in ("pressed", "pressed again"):
            app.post("/accounts", data=sent, headers=admin, follow_redirects=False)
        (made,) = model.Session.query(model.Group).filter_by(title="Forty Villages Network")

        assert len(_editors({"id": made.id})) == 1

    def test_no_new_organisation_stays_without_anybody(self, app: Any) -> None:
        """The mail with the link can't be sent: she waits on, and the next press makes the only one."""
        title, admin = "Forty Villages Network", _token(factories.Sysadmin())
        mails = (changed_config("smtp.server", "127.0.0.1:9"), changed_config("smtp.mail_from", "site@example.org"))
        with mails[0], mails[1]:
            app.post("/account", data=WISH | {"ask_organization_name": title})
            (row,) = account.waiting(None, 9)
            sent = {"id": row.id, "answer": "admit", "organization": "new", "new_organization": title}
            app.post("/accounts", data=sent, headers=admin, follow_redirects=False)
        kept = (model.Session.query(model.Group).filter_by(title=title).count(), account.number(None))
        app.post("/accounts", data=sent, headers=admin, follow_redirects=False)
        made = model.Session.query(model.Group).filter_by(title=title).count()

        assert (kept, (made, account.number(None))) == ((0, 1), (1, 0))

    @pytest.mark.parametrize("value", [5, ["x"], "nowhere"], ids=repr)
    def test_to_what_is_no_organisation_nobody_is_admitted(self, app: Any, organization: dict, value: Any) -> None:
        """Also where she asked for one that is there."""
        app.post("/account", data=_asked(organization))
        (row,) = account.waiting(None, 9)
        with pytest.raises(tk.ValidationError, match="Choose an organisation"):
            call("citizendata_account_admit", {"ignore_auth": True}, id=row.id, organization=value)

        assert account.number(None) == 1

    def test_waits_in_the_list_of_what_needs_somebody(self, app: Any, organization: dict) -> None:
        """On a registry, for its administrators."""
        admin = factories.Sysadmin()
        app.post("/account", data=_asked(organization))
        needs = call("citizendata_needs_list", {"user": admin["name"]})

        assert [need["kind"] for need in needs] == ["accounts"]
        assert "/accounts" in app.get("/needs", headers=_token(admin)).body
