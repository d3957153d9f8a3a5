"""A site that a stranger wrote from the protocol's page alone is a member like any other, from its first harvest on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.core.ping import PING_TYPE, Ping
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record
from tests.protocol_server import Handler, Site

from .conftest import Report, counts
from .test_harvest import titles

Harvest = Callable[[str], Report]


@pytest.fixture
def site() -> Iterator[Site]:
    """The site of a hundred lines, being served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Quiet", (Handler,), {"log_message": lambda *_: None})) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.site  # type: ignore[attr-defined]
        server.shutdown()


def command(*words: str) -> Result:
    """What a command of this site says."""
    return CliRunner().invoke(citizendata, words)


@pytest.fixture
def kenya(registry: None, site: Site) -> Site:  # noqa: ARG001
    """The same as the member `kenya`, by the address of its front page."""
    done = command("member", "add", "kenya", site.address)
    assert done.exit_code == 0, done.output
    return site


def known() -> Any:
    """What the registry knows of the member."""
    return members.by_id("kenya")


class TestSite:
    def test_passes_and_is_harvested(self, kenya: Site, harvest: Harvest) -> None:
        """All datasets, and none of what it took back; unchanged, nothing is done."""
        assert command("conformance", kenya.address).exit_code == 0
        member = known()
        assert (member.kind, member.url) == (
            "citizendata",
            f"{kenya.address}/feed/everyone/manifest",
        )
        assert counts(harvest("kenya")) == {"added": 3, "removed": 1}
        assert sorted(titles()) == ["Market prices", "School meals", "Water points"]
        assert counts(harvest("kenya")) == {}

    def test_changes_and_takes_back(self, kenya: Site, harvest: Harvest) -> None:
        """What it edits is edited, what it takes back is gone, the rest isn't touched."""
        harvest("kenya")
        kenya.records["1"] = kenya.dataset("1", "Clean water points")
        kenya.records["2"] = kenya.tombstone("2")
        kenya.publish()
        done = counts(harvest("kenya"))
        assert (done["changed"], done["removed"]) == (1, 1)
        assert sorted(titles()) == ["Clean water points", "School meals"]
        (row,) = record.by_iri(f"{kenya.address}/dataset/2")
        assert row.state == "withdrawn"

    def test_has_news(self, kenya: Site, harvest: Harvest, app: Any) -> None:
        """Which it says with its key, from the first harvest on."""
        for key in connect_to_redis().scan_iter("*citizendata-ping:*"):
            connect_to_redis().delete(key)
        ping = Ping(f"{kenya.address}/catalog", known().url, 2, datetime.now(timezone.utc))
        text = Signer(kenya.key.private_bytes_raw()).signed(ping.payload(), PING_TYPE)
        assert app.post("/feed/ping", data=text, content_type="application/jose").status_code == 403
        harvest("kenya")
        assert app.post("/feed/ping", data=text, content_type="application/jose").status_code == 202

    def test_has_moved(self, kenya: Site, harvest: Harvest, site: Site) -> None:
        """The same catalogue, signed with the same key, at another address."""
        harvest("kenya")
        for path, answer in [*site.answers.items()]:
            site.answers[f"/new{path}"] = answer
        moved = f"{kenya.address}/new/feed/everyone/manifest"
        assert command("member", "update", "kenya", "--url", moved).exit_code == 0
        assert counts(harvest("kenya")) == {"unchanged": 4}
        assert len(call_action("package_search")["results"]) == 3
