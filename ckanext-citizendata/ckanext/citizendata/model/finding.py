"""What SHACL shapes say about records: kept by what a record says and by the shapes, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert

from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model.record import Record


class Finding(tk.BaseModel):
    """All that shapes of one version say about the records with one fingerprint; an empty list for nothing."""

    __tablename__ = "citizendata_shacl"

    fingerprint = sa.Column(sa.UnicodeText, primary_key=True)
    shapes = sa.Column(sa.UnicodeText, primary_key=True)
    findings = sa.Column(JSONB, nullable=False)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_finding: sa.Table = Finding.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore


def unchecked(authority: str, shapes: str, limit: int) -> Sequence[sa.Row[Any]]:
    """The live records of an authority that these shapes weren't asked about, so many at most."""
    query = _unchecked(sa.select(_record.c.iri, _record.c.fingerprint, _record.c.fragment), authority, shapes)
    return model.Session.execute(query.order_by(_record.c.iri).limit(limit)).all()


def unchecked_count(authority: str, shapes: str) -> int:
    """How many live records of an authority these shapes weren't asked about."""
    return model.Session.execute(_unchecked(sa.select(sa.func.count()), authority, shapes)).scalar_one()


def write(fingerprint: str, shapes: str, findings: Sequence[dict[str, Any]]) -> None:
    """Keep what the shapes say; two workers that find the same write it once."""
    row = {"fingerprint": fingerprint, "shapes": shapes, "findings": list(findings)}
    model.Session.execute(insert(_finding).values(row).on_conflict_do_nothing())


def of_authority(authority: str, shapes: str, after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """Address, package and findings of the records behind an address about which the shapes say anything."""
    query = (
        sa.select(_record.c.iri, model.package_table.c.title, _finding.c.findings)
        .join_from(_record, _finding, _finding.c.fingerprint == _record.c.fingerprint)
        .join(model.package_table, model.package_table.c.id == _record.c.package_id)
        .where(_record.c.authority == authority, _record.c.state == LIVE, _finding.c.shapes == shapes)
        .where(sa.func.jsonb_array_length(_finding.c.findings) > 0, _record.c.iri > after)
    )
    return model.Session.execute(query.order_by(_record.c.iri).limit(limit)).all()


def forget_others(shapes: str) -> None:
    """Forget what other shapes said, and what was said about records that say something else by now."""
    known = sa.exists().where(_record.c.fingerprint == _finding.c.fingerprint)
    model.Session.execute(sa.delete(_finding).where(sa.or_(_finding.c.shapes != shapes, ~known)))


def _unchecked(query: sa.Select[Any], authority: str, shapes: str) -> sa.Select[Any]:
    asked = sa.exists().where(_finding.c.fingerprint == _record.c.fingerprint, _finding.c.shapes == shapes)
    return query.select_from(_record).where(_record.c.authority == authority, _record.c.state == LIVE, ~asked)
