"""What needs people: listed for whom it concerns, and mailed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action, changed_config

from ckanext.citizendata.logic.harvesting import jobs, mailing
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import run

from .conftest import WRONG, Kenya, Server, iris
from .letter_box import LetterBox, letter_box
from .test_harvest import A
from .visitors import Browser, signed_in

SIX = iris(6)


@pytest.fixture
def post(kenya: Kenya) -> Iterator[LetterBox]:  # noqa: ARG001
    """A mail server, and a site that uses it."""
    with (
        letter_box() as box,
        changed_config("smtp.server", box.address),
        changed_config("smtp.mail_from", "registry@example.org"),
    ):
        yield box


class TestNeeds:
    def test_are_listed_for_whom_they_concern(
        self, held: list[str], editor: dict[str, Any], others: list[dict[str, Any]], app: CKANTestApp
    ) -> None:
        """With their number in the account menu; for all others there are none."""
        staff = signed_in(app, factories.Sysadmin())
        for browser in (staff, signed_in(app, editor)):
            (need,) = browser.get("/needs.json").json["needs"]
            assert (need["kind"], need["count"], need["catalogues"]) == ("removals", len(held), ["kenya"])
            text = browser.text("/needs")
            assert "If nobody acts" in text
            menu = BeautifulSoup(browser.get("/catalogues").body, "html.parser").select_one(".account .badge")
            assert menu is not None
            assert menu.text == "1"
        for user in others:
            assert signed_in(app, user).get("/needs.json").json["needs"] == []
            assert "Nothing needs you now" in signed_in(app, user).text("/needs")
        assert Browser(app).get("/needs.json").status_code == 403
        assert "Title of" not in staff.get("/needs").body

    def test_of_the_staff_are_applications_too(self, editor: dict[str, Any], app: CKANTestApp) -> None:
        """One click admits; till then nobody else is told of the catalogue."""
        wish = {"id": "ghana", "title": "Ghana", "url": "http://127.0.0.1:9/feed.ttl", "contact": "desk@example.org"}
        call_action("citizendata_member_apply", **wish)
        staff, nobody = signed_in(app, factories.Sysadmin()), Browser(app)
        (need,) = staff.get("/needs.json").json["needs"]
        assert (need["kind"], need["catalogues"], need["address"]) == ("applications", ["ghana"], wish["url"])
        assert "Ghana asks that this registry read it" in staff.text("/needs")
        assert signed_in(app, editor).get("/needs.json").json["needs"] == []
        assert [each["id"] for each in nobody.get("/catalogues.json").json["catalogues"]] == ["kenya"]
        assert [nobody.get(f"/catalogues/ghana{end}").status_code for end in ("", ".json", "/plan")] == [404] * 3
        assert signed_in(app, editor).post("/needs", answer="approve", id="ghana").status_code == 403
        assert member_named("ghana").state == "applied"
        staff.post("/needs", answer="approve", id="ghana")
        assert member_named("ghana").state == "active"
        assert staff.get("/needs.json").json["needs"] == []
        assert nobody.get("/catalogues/ghana").status_code == 200

    def test_of_a_catalogue_that_isnt_for_everyone_are_its_peoples(
        self, editor: dict[str, Any], others: list[dict[str, Any]], app: CKANTestApp
    ) -> None:
        """Nobody else is told that it is here."""
        members.write({"id": "kenya", "audience": "national"})
        model.Session.commit()
        for browser in (Browser(app), *(signed_in(app, user) for user in others)):
            assert browser.get("/catalogues.json").json["catalogues"] == []
            assert browser.get("/catalogues/kenya").status_code == 404
        assert signed_in(app, editor).get("/catalogues/kenya").status_code == 200
        assert signed_in(app, factories.Sysadmin()).get("/catalogues.json").json["catalogues"] != []

    def test_of_a_watched_one_are_the_staffs(self, editor: dict[str, Any], app: CKANTestApp) -> None:
        """Its people see what a harvest would do, and don't agree to it themselves."""
        members.write({"id": "kenya", "trust": "watched"})
        model.Session.commit()
        theirs, staffs = signed_in(app, editor), signed_in(app, factories.Sysadmin())
        assert "Harvest now" not in theirs.text("/catalogues/kenya")
        assert "Harvest now" in staffs.text("/catalogues/kenya")
        assert theirs.post("/catalogues/kenya/harvest").status_code == 403
        assert theirs.get("/catalogues/kenya/plan").status_code == 200

    def test_a_member_that_fails_for_days_is_one(self, kenya: Kenya, server: Server, app: CKANTestApp) -> None:
        """And not one that fails for an hour."""
        kenya([A])
        server.serve("/c.ttl", b"<html>", "text/html")
        harvested(member_named("kenya"), lambda _doing, _done, _total: None)
        staff = signed_in(app, factories.Sysadmin())
        assert staff.get("/needs.json").json["needs"] == []
        model.Session.execute(sa.text("UPDATE citizendata_run SET finished = finished - interval '2 days'"))
        model.Session.commit()
        (need,) = staff.get("/needs.json").json["needs"]
        assert need["kind"] == "failing"
        assert "there is a web page" in need["words"]


class TestMails:
    def test_tell_what_is_new_to_mend_once(
        self, kenya: Kenya, editor: dict[str, Any], others: list[dict[str, Any]], post: LetterBox
    ) -> None:
        """To the catalogue's people alone, in plain text; not again till there is more."""
        wrong = f"<{SIX[0]}> {WRONG} dct:issued '2024'^^xsd:gYear ."
        kenya(SIX, more=wrong)
        mailing.mail_report(member_named("kenya"))
        mailing.mail_report(member_named("kenya"))
        ((to, subject, text),) = post.told()
        assert editor["email"] in to
        assert not any(user["email"] in to for user in others)
        assert subject == "Kenya: what to mend after the last harvest"
        assert "Title of a000" in text
        assert "/catalogues/kenya" in text
        kenya(SIX)
        mailing.mail_report(member_named("kenya"))
        assert len(post.letters) == 1
        kenya(SIX, more=wrong)
        mailing.mail_report(member_named("kenya"))
        assert len(post.letters) == 2

    @pytest.mark.usefixtures("held")
    def test_name_needs_once_a_week(self, editor: dict[str, Any], post: LetterBox) -> None:
        """In the language that the person last used here; to the staff without a title."""
        staff = factories.Sysadmin()
        model.User.get(editor["id"]).plugin_extras = {"citizendata": {"language": "fr"}}
        model.Session.commit()
        mailing.mail_needs()
        letters = {to: (subject, text) for to, subject, text in post.told()}
        (french,) = (each for to, each in letters.items() if editor["email"] in to)
        (english,) = (each for to, each in letters.items() if staff["email"] in to)
        assert "what needs you" in english[0]
        assert "If nobody acts" in english[1]
        assert "Title of" not in english[1]
        assert french[0] != english[0]
        number = len(post.letters)
        model.Session.execute(sa.text("UPDATE citizendata_mail SET sent = sent - interval '2 hours'"))
        model.Session.commit()
        mailing.mail_needs()
        assert len(post.letters) == number
        model.Session.execute(sa.text("UPDATE citizendata_mail SET sent = sent - interval '8 days'"))
        model.Session.commit()
        mailing.mail_needs()
        assert len(post.letters) == 2 * number

    @pytest.mark.usefixtures("held", "editor")
    def test_are_off_without_a_server(self) -> None:
        """And a server that doesn't answer ends nothing."""
        with changed_config("smtp.mail_from", None):
            mailing.mail_needs()
            assert mailing.mail_report(member_named("kenya")) is None
        with changed_config("smtp.server", "127.0.0.1:9"), changed_config("smtp.mail_from", "registry@example.org"):
            mailing.mail_needs()
            jobs.harvest("kenya")
        assert run.last("kenya").state == "finished"
