"""Feeds that aren't for everyone: what is in them, and who reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action as call
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds.feed_tokens import add_feed, is_allowed
from tests.ckan.snapshots import *  # noqa: F403 - fixtures
from tests.ckan.snapshots import manifest, settled, texts, withdraw

Make = Callable[..., dict[str, Any]]
COLLABORATIVE = "collaborative"


def command(*words: str) -> Result:
    return CliRunner().invoke(citizendata, words)


@pytest.fixture
def shared(store: Store) -> Store:
    """The files of the Collaborative's feed."""
    add_feed(COLLABORATIVE)
    return Store.of(store.folder.parent, COLLABORATIVE)


class TestCollaborative:
    def test_content(self, store: Store, shared: Store, dataset: Make) -> None:
        """What everyone or the Collaborative may read, each with its audience; the feed for everyone has less."""
        everyones, theirs = dataset(), dataset(audience=COLLABORATIVE)
        for audience in ("producer", "partners", "national"):
            dataset(audience=audience)
        settled()
        settled(COLLABORATIVE)
        assert {*texts(store)} == {everyones["id"]}
        assert {*texts(shared)} == {everyones["id"], theirs["id"]}
        assert "audience/collaborative>" in texts(shared)[theirs["id"]]
        assert "audience/everyone>" in texts(shared)[everyones["id"]]
        assert manifest(shared).audience == COLLABORATIVE

    def test_tombstone(self, store: Store, shared: Store, dataset: Make) -> None:
        """What the Collaborative could read leaves a tombstone there; for everyone it never was."""
        one, other, third = (dataset(audience=COLLABORATIVE) for _ in range(3))
        settled(COLLABORATIVE)
        (page,) = manifest(shared).pages
        withdraw(one)
        assert shared.is_gone(page.sha256)
        call("package_patch", id=other["id"], audience="producer")
        settled()
        settled(COLLABORATIVE)
        found = texts(shared)
        assert "tombstone/withdrawn" in found[one["id"]]
        assert "tombstone/no_longer_public" in found[other["id"]]
        assert manifest(shared).datasets == 1
        assert third["id"] in found
        assert manifest(store).tombstones == 0

    def test_becomes_open(self, store: Store, shared: Store, dataset: Make) -> None:
        """What becomes open to everyone is in both."""
        package = dataset(audience=COLLABORATIVE)
        settled(COLLABORATIVE)
        call("package_patch", id=package["id"], audience="everyone")
        settled()
        settled(COLLABORATIVE)
        assert "audience/everyone>" in texts(shared)[package["id"]]
        assert {*texts(store)} == {package["id"]}


class TestPartner:
    def test_content(self, store: Store, dataset: Make) -> None:
        """What everyone or named partners may read."""
        theirs = dataset(audience="partners")
        dataset(audience=COLLABORATIVE)
        assert command("feed", "add", "partner:unsd").exit_code == 0
        settled("partner:unsd")
        assert {*texts(Store.of(store.folder.parent, "partner:unsd"))} == {theirs["id"]}

    @pytest.mark.parametrize("name", ["partner:", "partner:../x", "friends"])
    def test_no_feed(self, store: Store, name: str) -> None:  # noqa: ARG002
        """What can't be a feed is refused with what can."""
        found = command("feed", "add", name)
        assert found.exit_code == 1
        assert "partner:<id>" in found.output


class TestTokens:
    def test_opens(self, shared: Store) -> None:  # noqa: ARG002
        """It opens its own feed, till it has expired or is revoked; nothing but its hash is kept."""
        add_feed("partner:unsd")
        secret = command("feed", "token", COLLABORATIVE, "--days", "1", "--holder", "Registry").stdout.strip()
        assert is_allowed(COLLABORATIVE, secret)
        assert not is_allowed("partner:unsd", secret)
        assert not is_allowed(COLLABORATIVE, secret + "x")
        assert not is_allowed(COLLABORATIVE, None)
        assert is_allowed("everyone", None)
        (kept,) = model.Session.execute(sa.text("SELECT t::text FROM citizendata_feed_token t")).scalars()
        assert secret not in kept

        found = {each["feed"]: each for each in json.loads(command("feed", "status", "--json").output)}
        (token,) = found[COLLABORATIVE]["tokens"]
        assert (token["holder"], token["is_good"]) == ("Registry", True)
        assert command("feed", "revoke", token["id"]).exit_code == 0
        assert not is_allowed(COLLABORATIVE, secret)

    def test_expires(self, shared: Store) -> None:  # noqa: ARG002
        """A token whose time is over opens nothing."""
        secret = command("feed", "token", COLLABORATIVE).stdout.strip()
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("UPDATE citizendata_feed_token SET expires = now()"))
        model.Session.rollback()
        assert not is_allowed(COLLABORATIVE, secret)

    @pytest.mark.parametrize("words", [("token", "everyone"), ("token", "partner:none"), ("revoke", "none")])
    def test_refused(self, shared: Store, words: tuple[str, str]) -> None:  # noqa: ARG002
        """No token for everyone's feed or for one that isn't there; what isn't there can't be revoked."""
        found = command("feed", *words)
        assert found.exit_code == 1
        assert "There is no" in found.output
