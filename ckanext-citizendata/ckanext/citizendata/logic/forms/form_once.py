"""Each new form is saved once: pressed twice, sent again after a lost link or from the back button, it is one record.

The form carries an id of its own; under it Redis keeps for a month which record it became.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

__all__ = ["Busy", "Saved", "claim", "known", "new_form_id", "note", "release"]

MONTH = 30 * 24 * 3600
# So long a request may take to save; after it the form may be sent anew.
AT_WORK_SECONDS = 60
WAIT_SECONDS = 10
STEP_SECONDS = 0.2
AT_WORK = b"at work"
FORM_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Saved:
    """The record that a form became, and its answers as the form remembers them (`logic.form_edits`)."""

    package_id: str
    seen: str


class Busy(Exception):  # noqa: N818 - nothing is wrong, only early
    """The same form is being saved by another request, and that takes long."""


def new_form_id() -> str:
    """The id of a form that nobody has sent yet."""
    return token_hex(16)


def claim(user_id: str, form_id: str) -> Saved | None:
    """The record that this form became; None for whoever is first, who must `note` or `release` it. Raises `Busy`."""
    if not FORM_ID.fullmatch(form_id):
        return None
    redis, key, until = connect_to_redis(), _key(user_id, form_id), time.monotonic() + WAIT_SECONDS
    while not redis.set(key, AT_WORK, nx=True, ex=AT_WORK_SECONDS):
        if found := known(user_id, form_id):
            return found
        if time.monotonic() > until:
            raise Busy
        time.sleep(STEP_SECONDS)
    return None


def known(user_id: str, form_id: str) -> Saved | None:
    """The record that this form became, as its sender last saw it; None for a form that wasn't saved yet."""
    kept: Any = connect_to_redis().get(_key(user_id, form_id)) if FORM_ID.fullmatch(form_id) else None
    return Saved(*kept.decode().split("\n", 1)) if kept and kept != AT_WORK else None


def note(user_id: str, form_id: str, saved: Saved) -> None:
    """Keeps which record the form became, and how its sender last saw that."""
    if FORM_ID.fullmatch(form_id):
        connect_to_redis().set(_key(user_id, form_id), f"{saved.package_id}\n{saved.seen}", ex=MONTH)


def release(user_id: str, form_id: str) -> None:
    """Lets the form be sent again: it became nothing."""
    redis, key = connect_to_redis(), _key(user_id, form_id)
    if FORM_ID.fullmatch(form_id) and redis.get(key) == AT_WORK:
        redis.delete(key)


def _key(user_id: str, form_id: str) -> str:
    return f"citizendata:form:{tk.config['ckan.site_id']}:{user_id}:{form_id}"
