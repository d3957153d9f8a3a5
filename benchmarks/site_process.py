"""A warm process of a site: `python -m benchmarks.site_process CONFIG` loads CKAN once, then answers line by line.

A request is one line of JSON on standard input, for example `{"do": "action", "name": "status_show", "data": {}}`; its
answer is `{"result": …}` or `{"error": …}` on standard output, after any number of `{"told": [doing, done, total]}`.
Whatever else is printed goes to standard error. It runs in the environment of either site, so it imports CKAN alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

__all__ = ["main"]

PAUSE = 0.5


class Teller:
    """Passes on how far a step is, twice a second and at its end."""

    def __init__(self, answers: TextIO) -> None:
        self.answers = answers
        self.last = 0.0

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self.last >= PAUSE or done == total:
            self.last = now
            _answer(self.answers, {"told": [doing, done, total]})


def main(file: str) -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    made: Any = make_app(CKANConfigLoader(file).get_config())
    app = made._wsgi_app  # as the commands of CKAN itself do
    site = Site(app, Teller(answers))
    with app.test_request_context():
        _answer(answers, {"result": "ready"})
        for line in sys.stdin:
            _answer(answers, site.answer(json.loads(line)))


def _answer(answers: TextIO, value: Mapping[str, Any]) -> None:
    answers.write(json.dumps(value, default=str) + "\n")
    answers.flush()


class Site:
    """What a site can be asked to do."""

    def __init__(self, app: Any, tell: Teller) -> None:
        self.app = app
        self.tell = tell

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request; CKAN's own refusals are an answer too."""
        known: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "action": lambda wish: self.action(wish["name"], wish["data"]),
            "harvest": self.harvest,
            "read": self.read,
            "times": self.times,
        }
        try:
            return {"result": known[request["do"]](request)}
        except (tk.ValidationError, tk.ObjectNotFound) as error:
            return {"error": f"{request}: {error}"}
        finally:
            model.Session.remove()

    def action(self, name: str, data: Mapping[str, Any]) -> Any:
        """The result of an action, done by the site itself."""
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        return tk.get_action(name)({"ignore_auth": True, "user": user}, dict(data))

    def harvest(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """State, reason and counts of a harvest of a member that is run here and now."""
        from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named

        report = harvested(member_named(wish["member"]), self.tell)
        return {"state": report.state, "reason": report.reason, "counts": dict(report.counts)}

    def read(self, wish: Mapping[str, Any]) -> str:
        """The body of a page, as an anonymous reader gets it."""
        answer = self.app.test_client().get(wish["path"])
        if answer.status_code != 200:
            raise tk.ObjectNotFound(f"HTTP {answer.status_code}")
        return answer.get_data(as_text=True)

    def times(self, wish: Mapping[str, Any]) -> list[float]:
        """The seconds that each call of an action took, one after the other."""
        found = []
        for data in wish["calls"]:
            began = time.perf_counter()
            self.action(wish["name"], data)
            found.append(time.perf_counter() - began)
        return found


if __name__ == "__main__":
    main(sys.argv[1])
