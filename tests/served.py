"""The site that the tests of one process share: loaded once for the same options, emptied for each test that asks."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.common import config
from ckan.lib import app_globals, search
from ckan.plugins.core import _PLUGINS
from ckan.tests.helpers import CKANTestApp, _get_test_app, reset_db
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import close_all_sessions

from ckanext.citizendata.config import feed_folder

__all__ = ["empty_site", "make_app", "pytest_runtest_setup", "site_with_tables", "with_plugins"]


class Site:
    """CKAN with its plugins, an application and tables: each made anew only where a test left or wants another."""

    def __init__(self) -> None:
        self._asked: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._app: Any = None
        self._app_options: dict[str, Any] = {}
        self._plugins: list[str] = []
        self._engine: sa.Engine | None = None
        self._emptying = ""
        self._site_user: dict[str, Any] = {}

    def load(self) -> None:
        """Load the plugins as the options now say, unless they are loaded with these very options."""
        asked = deepcopy(dict(config))
        if self._asked != asked or not self._stands():
            self._forget_stored()
            self._app = _get_test_app().app
            self._asked, self._options = asked, deepcopy(dict(config))
            self._app_options = deepcopy(dict(self._app._wsgi_app.config))
            self._plugins, self._engine = [*_PLUGINS], model.ensure_engine()
        _replace(config, self._options)
        _replace(self._app._wsgi_app.config, self._app_options)

    def leave(self) -> None:
        """Unload whatever somebody loaded since."""
        if not self._stands():
            p.unload_all()

    def browser(self) -> CKANTestApp:
        """A browser without cookies, on an application with the options as they are now."""
        if self._options != dict(config) or not self._stands():
            return _get_test_app()
        return CKANTestApp(self._app)

    def make_tables(self) -> None:
        """Make the tables and the account of the site, once."""
        if self._emptying:
            return
        reset_db()
        _run_migrations("citizendata")
        tk.get_action("get_site_user")({"ignore_auth": True}, {})
        with model.ensure_engine().connect() as database:
            self._emptying = ";".join(str(sa.delete(table)) for table in _tables(database))
            self._site_user = dict(database.execute(sa.select(model.user_table)).mappings().one())

    def empty(self) -> None:
        """Take all rows away but the account of the site, which is as it was made, and all documents of the index."""
        close_all_sessions()
        if self._forget_stored():
            app_globals.reset()
        with model.ensure_engine().begin() as database:
            database.exec_driver_sql(self._emptying)
            database.execute(sa.insert(model.user_table).values(self._site_user))
        search.clear_all()
        # A snapshot of what is gone now would be served, and count as newer than the tables.
        if folder := feed_folder():
            shutil.rmtree(folder, ignore_errors=True)

    def _forget_stored(self) -> bool:
        """Take away the options that a test stored, which CKAN reads as it loads; whether there were any."""
        app_globals._CONFIG_CACHE.clear()
        if not self._emptying:
            return False
        with model.ensure_engine().begin() as database:
            return bool(database.execute(sa.delete(model.system_info_table)).rowcount)

    def _stands(self) -> bool:
        """Whether nobody loaded or unloaded plugins since: CKAN makes an engine whenever anybody does."""
        return self._plugins == _PLUGINS and self._engine is model.ensure_engine()


def _replace(options: Any, values: dict[str, Any]) -> None:
    options.clear()
    options.update(deepcopy(values))


def _tables(database: sa.Connection) -> list[sa.Table]:
    """All tables with rows that a test may write, those first that point to others."""
    found = sa.MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        found.reflect(database)
    return [table for table in reversed(found.sorted_tables) if not table.name.endswith("alembic_version")]


SITE = Site()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks for no plugins has none."""
    if not {"with_plugins", "make_app"} & set(item.fixturenames):  # type: ignore[attr-defined]
        p.unload_all()


@pytest.fixture
def with_plugins(ckan_config: Any, provide_plugin: Any) -> Iterator[None]:  # noqa: ARG001
    """The plugins of the site, as CKAN's own fixture loads them; what the test itself loaded is unloaded."""
    SITE.load()
    yield
    SITE.leave()


@pytest.fixture
def make_app(with_plugins: None) -> Callable[[], CKANTestApp]:  # noqa: ARG001
    """Opens browsers, as CKAN's own fixture does."""
    return SITE.browser


@pytest.fixture
def site_with_tables(with_plugins: None) -> None:  # noqa: ARG001
    """A site with all tables, and in them whatever the tests before wrote."""
    SITE.make_tables()


@pytest.fixture
def empty_site(site_with_tables: None) -> None:  # noqa: ARG001
    """A site with all tables and nothing in them."""
    SITE.empty()
