"""A real browser on a real server: the site answers on a free port of this machine, in a thread of the test."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ckan.tests import factories, helpers
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from tests.served import *  # noqa: F403 - fixtures

PASSWORD = "correct-horse-9"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium with a profile of its own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail(
            "These tests drive Chromium, and isn't on this machine: apt-get install chromium, or name it in CHROMIUM."
        )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Callable[..., BrowserContext]:  # noqa: ARG001 - it closes before the site
    """Opens a fresh browser as wide as a phone; arguments are Playwright's."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(viewport=PHONE, **options))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(20_000)
        return contexts[-1]

    yield opened  # type: ignore[misc]
    for context in contexts:
        context.close()


@pytest.fixture
def address(
    empty_site: None,  # noqa: ARG001
    make_app: Callable[..., Any],
) -> Iterator[str]:
    """The address of an empty site with our tables."""
    server = make_server("127.0.0.1", 0, make_app().app, threaded=True)
    server.daemon_threads = False  # type: ignore[attr-defined] - so that closing it waits for each answer
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.port}"
    with helpers.changed_config("ckan.site_url", url):
        yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def editor(address: str) -> dict[str, Any]:  # noqa: ARG001
    """Somebody who may publish for one organisation."""
    user = factories.User(password=PASSWORD)
    factories.Organization(name="umoja", title="Umoja data desk", users=[{"name": user["name"], "capacity": "editor"}])
    return user
