"""The quick record: from nine answers to a published record, and all that may go wrong on the way without any loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from tests.ckan.quick_form import *  # noqa: F403 - fixtures
from tests.ckan.quick_form import ANSWERS, FORM_ID, QUICK, Send, answers, records, said, soup, typed

PASSWORD = "correct-horse-9"


class Files(BaseHTTPRequestHandler):
    """A server of files: one of them is there."""

    def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
        self.send_response(200 if self.path == "/there.csv" else 404)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002
        """Nothing."""


@pytest.fixture
def serve() -> Iterator[str]:
    """The address of the server of files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _with_password(user: dict[str, Any]) -> None:
    found = model.User.get(user["id"])
    assert found is not None
    found.password = PASSWORD
    model.Session.commit()


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestQuickRecord:
    def test_is_published_in_two_steps(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """Answers, then what others will see, then one button; nothing else is asked for, no file either."""
        first = send()
        preview = app.get("/dataset/quick/water-points/publish", headers=token)
        words = soup(preview).get_text(" ", strip=True)

        assert (first.status_code, first.headers["Location"].rpartition("/dataset")[2]) == (
            302,
            "/quick/water-points/publish",
        )
        assert call("package_show", id="water-points")["state"] == "draft"
        assert "Everyone, in full" in words
        assert "Where people fetch water." in words
        assert "Could it hurt someone?" not in words
        app.post("/dataset/quick/water-points/publish", data=typed(preview), headers=token, follow_redirects=False)
        after = call("package_show", id="water-points")
        assert (after["state"], after["private"], after["record_status"]) == ("active", False, "live")
        assert (after["country"], after["resources"]) == (["KEN"], [])

    def test_a_title_of_which_nothing_is_seen(self, send: Send) -> None:
        """As of marks of writing direction alone: it is asked for, else there would be nothing to press in a list."""
        answer = send(**{"title_translated-en": "\u200f\u202e\u2069"})

        assert answer.status_code == 422
        assert "Title: an answer is needed." in said(answer)

    def test_tells_all_that_is_missing_at_once(self, send: Send) -> None:
        """Each question by its name, beside all that was typed; nothing is stored."""
        answer = send(**{"country": None, "sensitivity": None, "contact-0-email": "not a mailbox"})

        assert answer.status_code == 422
        assert all(words in said(answer) for words in ("Country", "Could it hurt someone?", "not a mailbox"))
        assert typed(answer)["title_translated-en"] == "Water points"
        assert typed(answer)["form_id"] == FORM_ID
        assert records() == []

    def test_a_title_is_enough_for_a_draft(self, app: Any, send: Send, token: dict[str, str], stranger: dict) -> None:
        """It opens again in the quick form, for own people alone."""
        only = {name: None for name in ANSWERS}
        answer = send(**only | {"save": "draft", "title_translated-en": "Half done"})
        others = {"Authorization": factories.APIToken(user=stranger["name"])["token"]}

        assert answer.headers["Location"].endswith("/dataset/quick/half-done")
        assert typed(app.get("/dataset/quick/half-done", headers=token))["title_translated-en"] == "Half done"
        assert app.get("/dataset/quick/half-done", headers=others).status_code == 404
        assert app.get("/dataset/quick/half-done/publish", headers=others).status_code == 404

    def test_a_yes_begins_with_own_people(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """Whatever was chosen; those concerned may agree to more on the next page."""
        send(indigenous_data="yes")
        preview = app.get("/dataset/quick/water-points/publish", headers=token)
        page = soup(preview)
        offered = {box["value"]: box.has_attr("checked") for box in page.select("[name=audience]")}
        seen = page.select_one("[name=seen]")["value"]  # type: ignore[index]

        assert offered == {"producer": True, "everyone": False}
        app.post("/dataset/quick/water-points/publish", data={"seen": seen}, headers=token, follow_redirects=False)
        assert call("package_show", id="water-points")["audience"] == "producer"
        assert app.get("/dataset/water-points").status_code == 404

    def test_a_dont_know_is_never_told_in_full(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """The page says so before anything is published, and shows that nobody beyond reads it."""
        send(personal_data="unknown", audience=None)
        page = soup(app.get("/dataset/quick/water-points/publish", headers=token)).get_text(" ", strip=True)

        assert call("package_show", id="water-points")["audience"] == "everyone_short"
        assert "Nobody beyond your own people sees any of it" in page

    def test_what_was_looked_at_is_what_is_published(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """A draft that somebody changed meanwhile is shown once more."""
        send()
        seen = typed(app.get("/dataset/quick/water-points/publish", headers=token))
        call("package_patch", id="water-points", notes_translated={"en": "Where it hurts."})
        again = app.post("/dataset/quick/water-points/publish", data=seen, headers=token)

        assert "look at it once more" in again.body
        assert call("package_show", id="water-points")["state"] == "draft"

    def test_words_beside_a_list_count(self, send: Send) -> None:
        """Without a script an answer is typed in any language of the list."""
        send(population_group=["filles", "women"])

        assert call("package_show", id="water-points")["population_group"] == ["women", "girls"]

    def test_keeps_the_goal_of_a_link(self, app: Any, send: Send, token: dict[str, str]) -> None:
        """An empty square of the picture of coverage brings its Goal along; without its tick it goes."""
        begun = soup(app.get(f"{QUICK}?population_group=women&sdg_goal=5", headers=token))
        send(sdg_goal=answers(begun)["sdg_goal"])
        kept = call("package_show", id="water-points")["sdg_goal"]
        draft = soup(app.get("/dataset/quick/water-points", headers=token))
        send("/dataset/quick/water-points", seen=answers(draft)["seen"])

        assert (kept, answers(draft)["sdg_goal"]) == (["5"], ["5"])
        assert "This record will be about" in draft.get_text()
        assert "sdg_goal" not in call("package_show", id="water-points")

    @pytest.mark.parametrize("title", ["Wells 🚰💧", "‏آبار المياه‏ (Wells)", "a\u202eb\u202c"])
    def test_keeps_every_character(self, send: Send, title: str) -> None:
        """Emoji and marks of direction come back as they were typed."""
        send(**{"title_translated-en": title})
        (name,) = records()

        assert call("package_show", id=name)["title_translated"]["en"] == title


class TestSession:
    def test_lost_while_writing(self, app: Any, editor: dict[str, Any]) -> None:
        """The form stands there again with two boxes; name and password in them save it."""
        _with_password(editor)
        lost = app.post(QUICK, data=ANSWERS)
        boxes = answers(soup(lost)) | {"save": ["check"]}
        wrong = app.post(QUICK, data=boxes | {"sign_in_name": editor["name"], "sign_in_password": "no"})
        right = app.post(
            QUICK,
            data=boxes | {"sign_in_name": editor["name"], "sign_in_password": PASSWORD},
            follow_redirects=False,
        )

        assert (lost.status_code, wrong.status_code, right.status_code) == (403, 403, 302)
        assert "Nothing that you typed is lost" in said(lost)
        assert typed(wrong)["title_translated-en"] == "Water points"
        assert typed(wrong)["sign_in_password"] is None
        assert call("package_show", id="water-points")["creator_user_id"] == editor["id"]

    def test_lost_while_changing(
        self, app: Any, dataset: Callable[..., dict], editor: dict[str, Any], token: dict[str, str]
    ) -> None:
        """The organisation of the record is kept too, though a visitor has none to choose from."""
        _with_password(editor)
        address = f"/dataset/edit/{dataset(name='water')['name']}"
        form = answers(soup(app.get(address, headers=token))) | {"title_translated-en": "Wells", "save": "publish"}
        lost = app.post(address, data=form)
        boxes = answers(soup(lost)) | {"save": "publish"}
        sign_in = {"sign_in_name": editor["name"], "sign_in_password": PASSWORD}
        app.post(address, data=boxes | sign_in, follow_redirects=False)

        assert lost.status_code == 403
        assert call("package_show", id="water")["title_translated"] == {"en": "Wells"}

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_token_of_another_time(self, app: Any, editor: dict[str, Any]) -> None:
        """The form is shown again with a new token, and then it is saved."""
        _with_password(editor)
        fresh = typed(app.get(QUICK))["_csrf_token"]
        sign_in = {"sign_in_name": editor["name"], "sign_in_password": PASSWORD, "_csrf_token": fresh}
        assert app.post(QUICK, data=ANSWERS | sign_in, follow_redirects=False).status_code == 302

        old = app.post(QUICK, data=ANSWERS | {"_csrf_token": "old", "title_translated-en": "Wells"})
        assert old.status_code == 400
        assert "press the button once more" in said(old)
        assert typed(old)["title_translated-en"] == "Wells"
        again = app.post(QUICK, data=ANSWERS | {"_csrf_token": typed(old)["_csrf_token"]}, follow_redirects=False)
        assert again.status_code == 302

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_nobody_is_signed_in_from_elsewhere(self, app: Any, editor: dict[str, Any]) -> None:
        """Name and password count only with the token of our own page."""
        _with_password(editor)
        sign_in = {"sign_in_name": editor["name"], "sign_in_password": PASSWORD}

        assert app.post(QUICK, data=ANSWERS | sign_in, follow_redirects=False).status_code == 400
        assert records() == []

    @pytest.mark.usefixtures("organization")
    def test_who_may_not_publish_keeps_what_she_typed(self, app: Any) -> None:
        """She is told whom to ask."""
        alone = factories.User()
        headers = {"Authorization": factories.APIToken(user=alone["name"])["token"]}
        answer = app.post(QUICK, data=ANSWERS, headers=headers)

        assert answer.status_code == 403
        assert "Ask an administrator" in said(answer)
        assert typed(answer)["title_translated-en"] == "Water points"


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestTooMuch:
    def test_two_megabytes_in_one_box(self, send: Send) -> None:
        """The message names the question and says what to do; the text is still there."""
        text = "water " * 350_000
        answer = send(**{"notes_translated-en": text})

        assert answer.status_code == 422
        assert re.search(r"Description.*at most 20000 characters", said(answer))
        assert len(typed(answer)["notes_translated-en"]) == len(text.strip())

    @pytest.mark.ckan_config("ckan.max_resource_size", 1)
    def test_a_file(self, app: Any, dataset: Callable[..., dict], token: dict[str, str]) -> None:
        """How large one may be, and what to do; what was typed about it is still there."""
        dataset(name="water")
        typed = {"id": "", "save": "go-metadata", "url": "", "name": "All points"}
        file = {"upload": (BytesIO(b"x" * 2_000_000), "a.csv")}
        answer = app.post("/dataset/water/resource/new", data=typed | file, headers=token)

        assert "larger than this site takes: 1 megabytes" in said(answer)
        assert soup(answer).select_one("[name=name]")["value"] == "All points"  # type: ignore[index]

    def test_more_than_can_be_read(self, send: Send) -> None:
        """A sentence says what to do, since the browser still has it."""
        answer = send(**{"notes_translated-en": "x" * 17_000_000})

        assert answer.status_code == 413
        assert "Go back in your browser" in answer.body


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestLinks:
    def test_where_nothing_is_found(self, app: Any, send: Send, token: dict[str, str], serve: Any) -> None:
        """Advice with the address, and the record is saved; where something is nobody is told anything."""
        there, gone = f"{serve}/there.csv", f"{serve}/gone.csv"
        for address, told in ((there, False), (gone, True)):
            saved = send(**{"resources-0-url": address, "form_id": None, "save": "draft"})
            page = app.get(saved.headers["Location"], headers=token).body

            assert (f"At {address} nothing is found" in page) is told
        assert len(records()) == 2


class TestPage:
    def test_of_a_draft_asks_to_sign_in(self, app: Any, dataset: Callable[..., dict]) -> None:
        """And leads back."""
        dataset(name="water", state="draft")
        answer = app.get("/dataset/quick/water/publish", follow_redirects=False)

        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/user/login?came_from=/dataset/quick/water/publish")
