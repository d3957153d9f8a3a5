"""A form that is sent twice, or by two people: one record, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from tests.ckan.quick_form import *  # noqa: F403 - fixtures
from tests.ckan.quick_form import ANSWERS, QUICK, Send, answers, records, said, soup, typed


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestSentTwice:
    def test_is_one_record(self, send: Send) -> None:
        """Pressed twice, or sent again since the answer got lost on the line."""
        first, second = send(save="publish"), send(save="publish")

        assert (first.status_code, second.status_code) == (302, 302)
        assert records() == ["water-points"]

    def test_again_from_the_back_button(self, send: Send) -> None:
        """With another answer it changes the record that the form became."""
        send()
        send(**{"title_translated-en": "Wells"})

        assert records() == ["water-points"]
        assert call("package_show", id="water-points")["title_translated"] == {"en": "Wells"}

    def test_of_a_record_that_was_published_meanwhile(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """What publishing wrote where nobody answered is nobody else's change."""
        send()
        call("package_patch", id="water-points", state="active")
        again = send(**{"title_translated-en": "Wells"})

        assert "Somebody else" not in app.get(again.headers["Location"], headers=token).body
        assert call("package_show", id="water-points")["title_translated"] == {"en": "Wells"}

    def test_another_persons_form_is_another_record(self, app: Any, send: Send, organization: dict) -> None:
        """The id of a form counts for whoever sent it."""
        other = factories.User()
        call("member_create", id=organization["id"], object=other["id"], object_type="user", capacity="editor")
        send()
        theirs = {"Authorization": factories.APIToken(user=other["name"])["token"]}
        app.post(QUICK, data=ANSWERS, headers=theirs, follow_redirects=False)

        assert len(records()) == 2

    def test_adds_no_file_twice(self, send: Send) -> None:
        """The same link is there once."""
        link = {"resources-0-url": "https://example.org/a.csv"}
        send(**link)
        send(**link)

        assert [file["url"] for file in call("package_show", id="water-points")["resources"]] == [
            link["resources-0-url"]
        ]


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestTwoPeople:
    def test_both_changes_are_kept(self, app: Any, dataset: Callable[..., dict], token: dict[str, str]) -> None:
        """Who changed something else loses nothing, and neither does the other."""
        dataset(name="water")
        form = answers(soup(app.get("/dataset/edit/water", headers=token)))
        call("package_patch", id="water", title_translated={"en": "Wells"})
        app.post(
            "/dataset/edit/water", data=form | {"notes_translated-en": "Mine."}, headers=token, follow_redirects=False
        )
        after = call("package_show", id="water")

        assert (after["title_translated"], after["notes_translated"]) == ({"en": "Wells"}, {"en": "Mine."})

    def test_the_same_answer_is_shown_from_both(
        self, app: Any, dataset: Callable[..., dict], token: dict[str, str]
    ) -> None:
        """The second one is told, sees both, and decides; meanwhile nothing is stored."""
        dataset(name="water")
        form = answers(soup(app.get("/dataset/edit/water", headers=token)))
        call("package_patch", id="water", title_translated={"en": "Wells"})
        told = app.post("/dataset/edit/water", data=form | {"title_translated-en": "Mine"}, headers=token)

        assert told.status_code == 409
        assert "Wells" in said(told)
        assert typed(told)["title_translated-en"] == "Mine"
        assert call("package_show", id="water")["title_translated"] == {"en": "Wells"}
        app.post("/dataset/edit/water", data=answers(soup(told)), headers=token, follow_redirects=False)
        assert call("package_show", id="water")["title_translated"] == {"en": "Mine"}

    def test_a_record_that_went_meanwhile(self, app: Any, dataset: Callable[..., dict], token: dict[str, str]) -> None:
        """What was typed is still there to be copied."""
        dataset(name="water")
        form = answers(soup(app.get("/dataset/edit/water", headers=token)))
        call("package_delete", id="water")
        call("dataset_purge", id="water")
        gone = app.post("/dataset/edit/water", data=form | {"title_translated-en": "Mine"}, headers=token)

        assert gone.status_code == 404
        assert typed(gone)["title_translated-en"] == "Mine"

    def test_nobody_meets_herself(self, app: Any, dataset: Callable[..., dict], token: dict[str, str]) -> None:
        """Saved, gone back in the browser, changed once more and saved: the last word counts."""
        dataset(name="water")
        form = answers(soup(app.get("/dataset/edit/water", headers=token)))
        for title in ("Wells", "Springs"):
            sent = form | {"title_translated-en": title}
            saved = app.post("/dataset/edit/water", data=sent, headers=token, follow_redirects=False)

            assert saved.status_code == 302
            assert call("package_show", id="water")["title_translated"] == {"en": title}

    def test_who_was_told_decides_also_about_a_new_record(self, send: Send) -> None:
        """A form from the back button, of a record that somebody else has changed since."""
        send()
        call("package_patch", id="water-points", title_translated={"en": "Wells"})
        told = send(**{"title_translated-en": "Springs"})
        again = send(**{"title_translated-en": "Springs"})

        assert (told.status_code, again.status_code) == (409, 302)
        assert records() == ["water-points"]
        assert call("package_show", id="water-points")["title_translated"] == {"en": "Springs"}
