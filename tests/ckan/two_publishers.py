"""The same records published twice, by CKAN's actions and by batches, and all that each leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pysolr
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import clear_all
from ckan.tests.helpers import call_action

from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.core.splitting import Received, split
from ckanext.citizendata.federation.ports import PUBLISHED, Entry, Member, Publication, Publisher
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.publishing.batch import BatchPublisher
from ckanext.citizendata.logic.publishing.index import IndexWriter
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher

__all__ = ["Left", "Publish", "by_actions", "by_batches", "differences", "empty", "kept", "left", "received", "record"]

MINT = "https://registry.example.org/.well-known/genid/m/"
# Each with what tells its rows apart in both courses.
TABLES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "package": lambda row: row["id"],
    "resource": lambda row: row["id"],
    "member": lambda row: (row["table_id"], row["group_id"]),
    "citizendata_record": lambda row: row["package_id"],
    "citizendata_change": lambda row: (row["package_id"], row["number"]),
    "citizendata_ledger": lambda row: row["iri"],
    "citizendata_likeness": lambda row: row["package_id"],
    "citizendata_custody": lambda row: row["package_id"],
}
ALL = (*TABLES, "citizendata_dirty", "citizendata_unindexed")
WHERE = {"member": "WHERE table_name = 'package'"}
TIMES = frozenset(
    {"metadata_created", "metadata_modified", "created", "issued", "modified", "public_since", "at", "updated"}
)
RANDOM = {"member": {"id"}, "citizendata_change": {"sequence", "txid", "number"}}
# A batch has one time for all that it writes.
COPIES = ("data_dict", "validated_data_dict")

Row = Mapping[str, Any]
Publish = Callable[[Member, Sequence[Received]], None]


@dataclass(frozen=True)
class Left:
    """What a course left: rows by table and key, documents and shown packages by id; without times."""

    rows: Mapping[str, Mapping[Any, Row]]
    documents: Mapping[str, Row]
    shown: Mapping[str, Row]


def received(text: str) -> list[Received]:
    """The records of a feed in N-Triples."""
    return [*split(text, MINT, lambda _iri: False).records]


def record(iri: str, package: Mapping[str, Any]) -> Received:
    """The record that the feed of a site of ours would give for a package."""
    (found,) = received(fragment_from_package(site_model.model().public, package, Subject(iri)))
    return found


def by_actions(member: Member, records: Sequence[Received]) -> None:
    """Publishes them through `package_create` and `package_update`."""
    _published(ActionPublisher(), member, records)


def by_batches(member: Member, records: Sequence[Received], size: int = 50) -> None:
    """Publishes them in batches."""
    with IndexWriter() as index:
        publisher = BatchPublisher(index, partial)
        for start in range(0, len(records), size):
            _published(publisher, member, records[start : start + size])
        assert publisher.settle() == []


def _published(publisher: Publisher, member: Member, records: Sequence[Received]) -> None:
    batch = [Publication(each, Entry(each.iri, PUBLISHED, fingerprint=each.fingerprint)) for each in records]
    refused = [answer for answer in publisher.begin(member, batch)() if isinstance(answer, Exception)]
    assert refused == []


@contextmanager
def documents_sent() -> Iterator[dict[str, Row]]:
    """The last document that Solr got for each dataset, as JSON says it."""
    sent: dict[str, Row] = {}
    add = pysolr.Solr.add

    def adds(self: pysolr.Solr, docs: Sequence[Row], *arguments: Any, **options: Any) -> Any:
        sent.update((each["id"], json.loads(json.dumps(each))) for each in docs)
        return add(self, docs, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pysolr.Solr, "add", adds)
        yield sent


def left(course: Callable[[], None]) -> Left:
    """What is there after this, of the datasets that it sends to the index."""
    with documents_sent() as sent:
        course()
        model.Session.remove()
    shown = {id_: call_action("package_show", {"ignore_auth": True, "use_cache": False}, id=id_) for id_ in sent}
    documents = {id_: _comparable(document) for id_, document in sent.items()}
    return Left(_rows(), documents, {id_: _timeless(each) for id_, each in shown.items()})


def empty() -> None:
    """Takes all datasets away."""
    model.Session.rollback()
    for table in reversed(ALL):
        model.Session.execute(sa.text(f"DELETE FROM {table} {WHERE.get(table, '')}"))
    model.Session.commit()
    model.Session.remove()
    clear_all()


def kept() -> Callable[[], None]:
    """Puts the datasets back as they are now, but for the index."""
    whole = "SELECT jsonb_agg(to_jsonb(t)) FROM {0} t {1}"
    rows = {table: model.Session.execute(sa.text(whole.format(table, WHERE.get(table, "")))).scalar() for table in ALL}
    model.Session.remove()

    def put_back() -> None:
        empty()
        for table in ALL:
            values = f"SELECT * FROM jsonb_populate_recordset(NULL::{table}, :rows)"
            put = sa.text(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE {values}")
            model.Session.execute(put, {"rows": json.dumps(rows[table] or [])})
        model.Session.commit()
        model.Session.remove()

    return put_back


def _rows() -> dict[str, dict[Any, Row]]:
    found: dict[str, dict[Any, Row]] = {}
    for table, key in TABLES.items():
        number = ", row_number() OVER (PARTITION BY package_id ORDER BY sequence) AS number"
        more = number if table == "citizendata_change" else ""
        selected = sa.text(f"SELECT *{more} FROM {table} {WHERE.get(table, '')}")
        rows = map(dict, model.Session.execute(selected).mappings())
        dropped = TIMES | RANDOM.get(table, set())
        found[table] = {key(row): {name: row[name] for name in row if name not in dropped} for row in rows}
    return found


def _comparable(document: Row) -> Row:
    """The document with its copies as values, without times and what is empty; the order of extras says nothing."""
    told = {name: value for name, value in document.items() if name not in TIMES and value is not None}
    for copy in COPIES:
        package = _timeless(json.loads(told.pop(copy)))
        if "extras" in package:
            package["extras"] = sorted(package["extras"], key=lambda extra: extra["key"])
        told |= {f"{copy}.{name}": value for name, value in package.items()}
    return told


def _timeless(value: Any) -> Any:
    """A package without times, but for those of its source."""
    files = [
        {name: each for name, each in file.items() if name not in ("created", "metadata_modified")}
        for file in value["resources"]
    ]
    kept = {name: each for name, each in value.items() if name not in ("metadata_created", "metadata_modified")}
    return kept | {"resources": files}


def differences(one: Left, other: Left) -> list[str]:
    """Where the two differ, with both values."""
    found: list[str] = []
    parts = {"document": (one.documents, other.documents), "shown": (one.shown, other.shown)}
    parts |= {table: (one.rows[table], other.rows[table]) for table in TABLES}
    for part, (left_, right) in parts.items():
        found += [f"{part}: only one course has {key}" for key in left_.keys() ^ right.keys()]
        for key in left_.keys() & right.keys():
            found += _different(f"{part} {key}", left_[key], right[key])
    return found


def _different(where: str, one: Row, other: Row) -> list[str]:
    return [
        f"{where}, {name}: {one.get(name, '-')!r:.300} | {other.get(name, '-')!r:.300}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name, "-") != other.get(name, "-")
    ]
