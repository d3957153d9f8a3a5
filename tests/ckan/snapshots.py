"""A feed whose files are in a folder of the test's own, and what can be read of its snapshots."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, manifest_from_json
from ckanext.citizendata.feeds.snapshot_page import texts_on
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds import feed_keys
from ckanext.citizendata.logic.feeds.cutting import cut, is_due

__all__ = ["FEED", "hashes", "manifest", "rename", "settled", "store", "texts", "withdraw"]

FEED = "everyone"
PATIENCE = 20


@pytest.fixture
def store(empty_site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:  # noqa: ARG001
    """The files of the feed for everyone, in a folder of the test's own."""
    monkeypatch.setitem(tk.config, "ckanext.citizendata.feed_folder", str(tmp_path))
    return Store.of(tmp_path, FEED)


def settled(feed: str = FEED) -> None:
    """Cuts until all changes are on the feed: transactions of other databases on the same server hold some back."""
    end = time.monotonic() + PATIENCE
    cut(feed)
    while is_due(feed) and time.monotonic() < end:
        time.sleep(0.05)
        cut(feed)


def manifest(store: Store) -> Manifest:
    """The one that is served, whose signature is right."""
    with model.ensure_engine().connect() as connection:
        key = feed_keys.keys(connection)[-1].key
    return manifest_from_json(key.verified(store.manifest(store.current() or 0) or "", MANIFEST_TYPE))


def hashes(store: Store) -> list[str]:
    """The pages of the snapshot that is served."""
    return [page.sha256 for page in manifest(store).pages]


def texts(store: Store) -> dict[str, str]:
    """What is said of each record, by the id of its package."""
    paths = [store.page(name) for name in hashes(store)]
    found = {key: each for path in paths for key, each in texts_on(path.read_bytes() if path else b"").items()}
    return {key.rpartition("/")[2]: each.text.decode() for key, each in found.items()}


def rename(package: dict[str, Any], title: str) -> None:
    """An ordinary edit."""
    call("package_patch", id=package["id"], title_translated={"en": title})


def withdraw(package: dict[str, Any]) -> None:
    """Take a record back."""
    call("citizendata_record_withdraw", id=package["id"])
