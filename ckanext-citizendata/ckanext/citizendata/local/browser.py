"""A person's browser without its window: pages, forms with hidden values, cookies; and CKAN's API with that login."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import requests

from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Browser", "Form", "forms_in"]

SECONDS = 120
FAILED_LOGIN = "Login failed"


@dataclass
class Form:
    """A form of a page: the values that it would send untouched, and the names of all its fields."""

    action: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _FormReader(HTMLParser):
    """Collects the forms of a page with what they would send."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = ""
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(found.get("action", ""))
            self.forms.append(self.open)
        elif self.open and tag == "select":
            self.select = self._named(found)
        elif self.open and tag == "textarea":
            self.area = (self._named(found), [])
        elif self.open and tag == "option" and "selected" in found:
            self._value(self.select, found.get("value", ""))
        elif self.open and tag == "input" and _sends(found):
            self._value(self._named(found), found.get("value", ""))
        elif self.open and tag in ("input", "button"):
            self._named(found)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area:
            self._value(self.area[0], "".join(self.area[1]))
            self.area = None

    def _named(self, found: dict[str, str]) -> str:
        name = found.get("name", "")
        if self.open and name:
            self.open.names.add(name)
        return name

    def _value(self, name: str, value: str) -> None:
        if self.open and name:
            self.open.values.append((name, value))


def forms_in(page: str) -> list[Form]:
    """The forms of an HTML page, in its order."""
    reader = _FormReader()
    reader.feed(page)
    return reader.forms


class Browser:
    """One person at one site."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.token = ""

    def get(self, path: str, **options: Any) -> requests.Response:
        """The answer to a request for an address of the site."""
        return self.session.get(self.url + path, timeout=SECONDS, **options)

    def login(self, name: str, password: str) -> bool:
        """Log in by the page for it; whether that worked."""
        form = self._form("/user/login", "password")
        answer = self._send(form, "/user/login", [("login", name), ("password", password)])
        return answer.ok and "/user/login" not in answer.url and FAILED_LOGIN not in answer.text

    def submit(self, path: str, field_name: str, values: Iterable[tuple[str, str]]) -> requests.Response:
        """Fill in and send the form of the page that has a field of that name; what the page filled in goes along."""
        return self._send(self._form(path, field_name), path, values)

    def action(self, name: str, data: dict[str, Any]) -> Any:
        """The result of an action of CKAN's API. Raises LocalError with what CKAN says when it refuses."""
        if not self.token:
            self.token = dict(self._form("/user/edit", "password1").values).get("_csrf_token", "")
        answer = self.session.post(
            f"{self.url}/api/3/action/{name}",
            json=data,
            timeout=SECONDS,
            headers={"X-CSRFToken": self.token, "Referer": self.url},
        )
        try:
            said = answer.json()
        except ValueError:
            said = {"error": f"HTTP {answer.status_code}"}
        if not (isinstance(said, dict) and said.get("success")):
            raise LocalError(f"{self.url} refuses {name}: {said.get('error') if isinstance(said, dict) else said}")
        return said["result"]

    def _form(self, path: str, field_name: str) -> Form:
        """The page's form with that field, best one that is sent to the page itself: other forms search, or log out."""
        answer = self.get(path)
        found = [form for form in forms_in(answer.text) if field_name in form.names] if answer.ok else []
        own = [form for form in found if form.action in ("", path)]
        if found:
            return (own or found)[0]
        raise LocalError(
            f"The page {self.url}{path} shows no form with the field {field_name} (HTTP {answer.status_code})."
        )

    def _send(self, form: Form, path: str, values: Iterable[tuple[str, str]]) -> requests.Response:
        own = list(values)
        replaced = {name for name, _ in own}
        untouched = [(name, value) for name, value in form.values if name not in replaced]
        target = form.action if form.action.startswith("/") else path
        url = form.action if form.action.startswith("http") else self.url + target
        return self.session.post(url, data=[*untouched, *own], timeout=SECONDS, headers={"Referer": self.url + path})


def _sends(found: dict[str, str]) -> bool:
    """Whether an untouched input sends its value: not a button, not an empty box to tick."""
    kind = found.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return "checked" in found
    return kind not in ("submit", "button", "image", "reset", "file")
