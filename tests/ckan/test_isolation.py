"""Tests share a site; what one of them does to it is gone before the next."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import app_globals
from ckan.lib.search.common import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import COMPLETE

TITLE = "ckan.site_title"
EMPTY_BUT_FOR = {"alembic_version", "citizendata_alembic_version", "user"}


def found() -> dict[str, Any]:
    """What a test may find of others: rows, documents, options here and in the application, plugins."""
    tables = set(sa.inspect(model.ensure_engine()).get_table_names()) - EMPTY_BUT_FOR
    rows = {each: model.Session.execute(sa.text(f'SELECT count(*) FROM "{each}"')).scalar() for each in tables}
    return {
        "rows": {table: number for table, number in rows.items() if number},
        "users": [(user.name, user.sysadmin) for user in model.Session.query(model.User)],
        "documents": make_connection().search("*:*", rows=0).hits,
        "titles": {tk.config[TITLE], app_globals.app_globals.site_title, call_action("status_show")["site_title"]},
        "registry": p.plugin_loaded("citizendata_registry"),
    }


CLEAN = {"rows": {}, "users": [("test", True)], "documents": 0, "titles": {"Test catalogue"}, "registry": True}


@pytest.mark.usefixtures("site")
class TestWhatOneDid:
    @pytest.mark.parametrize("_time", [1, 2, 3])
    def test_is_not_seen_by_the_next(self, app: Any, _time: int) -> None:
        """Rows, documents, accounts, logins, options that are stored or set, and plugins."""
        assert found() == CLEAN
        assert app.get("/dashboard/datasets", follow_redirects=False).status_code == 302
        assert app.flask_app.config["WTF_CSRF_ENABLED"] is False

        user = factories.User()
        owner = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
        call_action("package_create", **COMPLETE, owner_org=owner["id"])
        call_action("citizendata_member_create", id="kenya", url="https://example.org/c.ttl", title="Kenya")
        call_action("config_option_update", **{TITLE: "Of another test"})
        make_connection().add([{"id": "other", "index_id": "other", "site_id": "test"}], commit=True)
        model.Session.query(model.User).filter_by(name="test").update({"sysadmin": False})
        model.Session.commit()
        app.set_session_user(user["id"])
        app.flask_app.config["WTF_CSRF_ENABLED"] = True
        p.unload("citizendata_registry")

    @pytest.mark.ckan_config(TITLE, "Of this test")
    def test_is_its_own_where_it_asks(self) -> None:
        """A test with an option has a site with that option."""
        assert found()["titles"] == {"Of this test"}


class TestNoSite:
    def test_is_loaded_unasked(self) -> None:
        """A test that asks for no plugins has none."""
        assert not p.plugin_loaded("citizendata")
