"""Records of different members that look alike: found when they are published, listed, never merged."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.likeness import likeness
from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.model import likeness as likenesses
from ckanext.citizendata.model.record import Record

__all__ = ["DECISIONS", "decided", "found", "likeness_row"]

SAME, DIFFERENT = "same", "different"
DECISIONS = (SAME, DIFFERENT)
PURPOSE = b"citizendata likeness"


def likeness_row(
    member: Member, package_id: str, iri: str, fragment: str, package: Mapping[str, Any]
) -> dict[str, Any]:
    """What a record is recognised by, as a row of its table."""
    has = likeness(_key(str(tk.config["SECRET_KEY"])), iri, fragment, package)
    return {
        "package_id": package_id,
        "member_id": member.id,
        "identifier": has.identifier,
        "wording": has.wording,
    }


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), PURPOSE, "sha256")


def found(after: int, limit: int, is_decided: bool) -> list[dict[str, Any]]:
    """Pairs of records that look alike, each with what they have in common."""
    rows = likenesses.pairs(after, limit, is_decided)
    told = _told({id_ for row in rows for id_ in (row.left_id, row.right_id)})
    return [_shown(row, told) for row in rows]


def _shown(row: sa.Row[Any], told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    reasons = [
        sentence
        for sentence, holds in (
            (N_("Both give the same identifier"), row.same_identifier),
            (N_("Both have the same title, publisher and years"), row.same_wording),
        )
        if holds
    ]
    return {
        "number": row.id,
        "left": told[row.left_id],
        "right": told[row.right_id],
        "reasons": reasons,
        "found": row.found.isoformat(),
        "decision": row.decision,
        "decided": row.decided and row.decided.isoformat(),
    }


def _told(package_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    package, record = model.package_table, Record.__table__
    query = (
        sa.select(package.c.id, package.c.name, package.c.title, record.c.iri, record.c.authority)
        .join(record, record.c.package_id == package.c.id)
        .where(package.c.id.in_([*package_ids]))
    )
    return {
        row.id: {
            "id": row.id,
            "name": row.name,
            "title": row.title,
            "iri": row.iri,
            "member": member_of(row.authority),
        }
        for row in model.Session.execute(query)
    }


def decided(references: Sequence[str], decision: str) -> None:
    """Remember whether two records describe the same. Raises `ValidationError` and `ObjectNotFound`."""
    if decision not in DECISIONS:
        raise tk.ValidationError({"decision": [f"{decision!r} is no decision; choose one of: {', '.join(DECISIONS)}"]})
    left, right = sorted(_package_id(each) for each in references)
    if not likenesses.decide(left, right, decision):
        message = "These two were never found to look alike; `ckan citizendata match list` tells which were"
        raise tk.ObjectNotFound(message)
    model.Session.commit()


def _package_id(reference: str) -> str:
    package = model.Package.get(reference)
    if package is None:
        raise tk.ObjectNotFound(f"There is no dataset {reference}")
    return package.id
