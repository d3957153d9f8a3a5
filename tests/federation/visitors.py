"""Who looks at the pages of a catalogue, and what it costs the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action


@dataclass
class Browser:
    """Somebody at the site, signed in by a token where she has an account."""

    app: CKANTestApp
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Any:
        return self.app.get(address, headers=self.headers)

    def text(self, address: str) -> str:
        """The words of a page, without what is around them."""
        page = BeautifulSoup(self.get(address).body, "html.parser").select_one("[role=main]")
        return " ".join(page.get_text(" ").split()) if page else ""

    def post(self, address: str, **form: str) -> Any:
        return self.app.post(address, headers=self.headers, data=form, follow_redirects=False)


def signed_in(app: CKANTestApp, user: dict[str, Any]) -> Browser:
    return Browser(app, {"Authorization": factories.APIToken(user=user["name"])["token"]})


def with_role(organization: str, capacity: str) -> dict[str, Any]:
    user = factories.User()
    call_action("member_create", id=organization, object=user["id"], object_type="user", capacity=capacity)
    return user


def statements(act: Callable[[], Any]) -> int:
    """How many statements the database is given meanwhile."""
    given: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        given.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    act()
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(given)
