"""What SHACL shapes say about a member's records, asked beside harvests and never by them: it takes a second each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from rq.timeouts import JobTimeoutException

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.catalogue_model import Additions
from ckanext.citizendata.core.hazard import without_hazards
from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.exchange.shacl import Shapes, shapes_from
from ckanext.citizendata.faces.shacl import shapes_turtle
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.values.storable import storable
from ckanext.citizendata.model import finding

__all__ = ["asked", "can_ask", "listed", "waiting"]

AT_ONCE = 50
# A record with more is a burden for the library; the shapes are about a description, not about data.
MOST_STATEMENTS = 5_000
# What is told of a finding.
TOLD = ("path", "code", "message", "severity")
MOST_SAID = 300

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int | None], None]


def can_ask() -> bool:
    """Whether pyshacl is installed, which a site may go without."""
    return find_spec("pyshacl") is not None


def asked(member_id: str, seconds: float, progress: Progress) -> int:
    """Ask about the member's records that say something new, for so long at most; how many are left.

    What was found is kept record by record. Raises `Unusable` where pyshacl isn't installed.
    """
    version, authority, end = _version(), MEMBER + member_id, time.monotonic() + seconds
    done, total = 0, waiting(member_id)
    if not total:
        return 0
    shapes = _shapes(site_model.additions())
    while (rows := finding.unchecked(authority, version, AT_ONCE)) and time.monotonic() < end:
        for row in rows:
            progress("asking the shapes", done, total)
            finding.write(row.fingerprint, version, _found(shapes, row.fragment))
            model.Session.commit()
            done += 1
            if time.monotonic() >= end:
                break
    progress("asking the shapes", done, total)
    finding.forget_others(version)
    model.Session.commit()
    return waiting(member_id)


def waiting(member_id: str) -> int:
    """How many of the member's records weren't asked about since they say what they say."""
    return finding.unchecked_count(MEMBER + member_id, _version())


def listed(member_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """The member's records about which the shapes say anything, by address, those behind `after`, so many at most."""
    rows = finding.of_authority(MEMBER + member_id, _version(), after, limit)
    return [{"iri": row.iri, "title": row.title, "findings": row.findings} for row in rows]


def _found(shapes: Shapes, fragment: str) -> list[dict[str, Any]]:
    harmless, _ = without_hazards(fragment)
    if harmless.count("\n") > MOST_STATEMENTS:
        return [_unasked(f"it has more than {MOST_STATEMENTS} statements")]
    try:
        problems = shapes.problems(harmless, _language())
    except JobTimeoutException:
        raise
    except Exception as error:
        # The one catch a record: what two libraries make of it must not keep the others waiting.
        log.exception("A record can't be held against the shapes")
        return [_unasked(f"{type(error).__name__}: {error}")]
    return [storable({name: getattr(each, name) for name in TOLD}) for each in problems]


def _unasked(reason: str) -> dict[str, Any]:
    message = f"It wasn't held against the shapes: {reason[:MOST_SAID]}"
    return storable({"path": "", "code": "not_asked", "message": message, "severity": "warning"})


def _language() -> str:
    """The language that the site's people read."""
    return str(tk.config.get("ckan.locale_default") or "en")


def _version() -> str:
    """Another one where the shapes, or the words in which they are told, are others."""
    said = f"{_language()}\n{_turtle(site_model.additions())}"
    return sha256(said.encode()).hexdigest()[:16]


@cache
def _turtle(additions: Additions) -> str:
    return shapes_turtle(catalogue_model.load(additions=additions).public, catalogue_model.profile())


@cache
def _shapes(additions: Additions) -> Shapes:
    return shapes_from(_turtle(additions), ())
