"""Telling registries that a feed has something new, so that they needn't wait for their next round."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timezone
from hashlib import sha256

import ckan.plugins.toolkit as tk
import requests
import urllib3
from ckan import model
from ckan.lib.jobs import get_queue
from redis.exceptions import RedisError

from ckanext.citizendata import config
from ckanext.citizendata.core.ping import PING_TYPE, Ping
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_head
from ckanext.citizendata.logic.feeds.feed_keys import KeyUnusable, signer
from ckanext.citizendata.logic.feeds.feed_lock import Busy, alone
from ckanext.citizendata.logic.feeds.well_known import manifest_address

__all__ = ["tell", "tell_one"]

log = logging.getLogger(__name__)

# The names of other feeds are their partners' business.
TOLD = ("everyone", "collaborative")
# Seconds to connect, and to be answered: nobody waits for a registry that is slow.
TIMEOUT = (2.0, 3.0)
# Seconds for whoever cuts or changes keys, who may be just about to end.
PATIENCE = 5
LONGEST_PAUSE = 60
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)


def tell(feed: str, sequence: int) -> None:
    """Pings each registry; one that can't be reached sees the news in its next round."""
    if feed in TOLD:
        for registry in config.registries():
            tell_one(registry, feed, sequence)


def tell_one(registry: str, feed: str, sequence: int) -> None:
    """Pings one registry; where that asks for a pause, once more after it."""
    try:
        text = _signed(feed, sequence)
        answer = _posted(f"{registry}/feed/ping", text)
    except (Busy, KeyUnusable) as error:
        log.info("%s isn't told of the snapshot %s: %s", registry, sequence, error)
        return
    except FAILURES as error:
        log.info("%s isn't told of the snapshot %s: %s", registry, sequence, type(error).__name__)
        return
    log.info("%s answers %s about the snapshot %s", registry, answer.status_code, sequence)
    if answer.status_code == requests.codes.too_many_requests:
        _tell_later(registry, feed, sequence, _seconds(answer.headers.get("Retry-After", "")))


def _signed(feed: str, sequence: int) -> str:
    now = datetime.now(timezone.utc)
    ping = Ping(catalogue_head(None).iri, manifest_address(feed), sequence, now)
    with alone(PATIENCE), model.ensure_engine().connect() as connection:
        return signer(connection).signed(ping.payload(), PING_TYPE)


def _posted(address: str, text: str) -> requests.Response:
    agent = f"ckanext-citizendata (+{tk.config['ckan.site_url']})"
    headers = {"Content-Type": "application/jose", "User-Agent": agent}
    with requests.Session() as session:
        session.trust_env = False
        # Of the answer only its head is read.
        return session.post(address, data=text, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True)


def _tell_later(registry: str, feed: str, sequence: int, pause: int) -> None:
    """Of several for one registry at one time a single one waits."""
    second = int(time.time()) + pause
    at = datetime.fromtimestamp(second, timezone.utc)
    name = f"citizendata-tell-{sha256(f'{registry} {feed}'.encode()).hexdigest()[:16]}-{second}"
    try:
        get_queue().enqueue_at(at, tell_one, registry, feed, sequence, job_id=name, job_timeout=60, result_ttl=0)
    except RedisError as error:
        log.info("%s isn't told again of the snapshot %s: %s", registry, sequence, error)


def _seconds(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return min(int(text), LONGEST_PAUSE) if is_number else LONGEST_PAUSE
