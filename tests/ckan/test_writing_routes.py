"""Every way that CKAN has to change a dataset, beside what record, changes, search and export must say afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckan.logic import index_update_package
from ckan.tests import factories
from ckan.tests.helpers import call_action as call
from sqlalchemy.exc import SQLAlchemyError

from ckanext.citizendata.core.record import CLOSED, DELETED, DRAFT, LIVE, NO_LONGER_PUBLIC, WITHDRAWN
from ckanext.citizendata.core.terms import DCAT, DCT, RDF
from ckanext.citizendata.logic.dirty import render_dirty
from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.logic.rebuild import rebuild_record
from ckanext.citizendata.logic.records import hide
from ckanext.citizendata.model import change, dirty, ledger, member, record

ANYBODY, OWN, NOBODY = "anybody", "own people", "not in the index"
NAME = "water"
FILES = [{"url": "https://example.org/a.csv", "name": "A"}, {"url": "https://example.org/b.csv", "name": "B"}]

# The database runs this trigger at the very end, when the index is written.
FAILING_COMMIT = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE CONSTRAINT TRIGGER refuse_change AFTER INSERT ON citizendata_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

Route = Callable[[dict[str, Any]], object]


MEMBER = "kenya"
IRI = "https://source.example/dataset/1"
IS_DATASET = f"<{RDF.type.value}> <{DCAT.Dataset.value}> ."
RECEIVED = Incoming(IRI, f'<{IRI}> {IS_DATASET}\n<{IRI}> <{DCT.title.value}> "Water" .\n', "f1", "1")


@dataclass(frozen=True)
class After:
    """What must be there after a route; `operations` are the change rows that it added."""

    operations: tuple[str, ...]
    state: str | None
    tombstone: str | None
    found_by: str
    exported: bool


OPEN = After((), LIVE, None, ANYBODY, exported=True)
CREATED = After(("create",), LIVE, None, OWN, exported=False)
HIDDEN = After((), LIVE, None, OWN, exported=False)


def _open(*operations: str) -> After:
    return After(operations, LIVE, None, ANYBODY, exported=True)


def _lowered(*operations: str) -> After:
    return After(operations, LIVE, NO_LONGER_PUBLIC, OWN, exported=False)


def _withdrawn(*operations: str, found_by: str = OWN) -> After:
    return After(operations, WITHDRAWN, WITHDRAWN, found_by, exported=False)


def _deleted(*operations: str) -> After:
    return After(operations, DELETED, DELETED, NOBODY, exported=False)


def _patch(**fields: Any) -> Route:
    return lambda package: call("package_patch", id=package["id"], **fields)


def _bulk(action: str) -> Route:
    return lambda package: call(action, datasets=[package["id"]], org_id=package["owner_org"])


def _resource(action: str, **fields: Any) -> Route:
    return lambda package: call(action, id=package["resources"][0]["id"], **fields)


def _group(action: str, **fields: Any) -> Route:
    def route(package: dict[str, Any]) -> None:
        group = factories.Group()
        call("member_create", id=group["id"], object=package["id"], object_type="package", capacity="public")
        if action == "member_delete":
            call(action, id=group["id"], object=package["id"], object_type="package", **fields)

    return route


def _in_turn(*routes: Route) -> Route:
    def route(package: dict[str, Any]) -> None:
        for step in routes:
            step(package)

    return route


def _rename_organization(package: dict[str, Any]) -> None:
    call("organization_patch", id=package["owner_org"], title="Kibera Water Mappers")


def _change_owner(package: dict[str, Any]) -> None:
    call("package_owner_org_update", id=package["id"], organization_id=factories.Organization()["id"])


def _revise(package: dict[str, Any]) -> None:
    call("package_revise", match={"id": package["id"]}, update={"notes_translated": {"en": "Revised."}})


def _reorder(package: dict[str, Any]) -> None:
    order = [resource["id"] for resource in reversed(package["resources"])]
    call("package_resource_reorder", id=package["id"], order=order)


def _published(received: Incoming | None = None, **fields: Any) -> Route:
    def route(package: dict[str, Any]) -> None:
        with publishing(MEMBER, received):
            call("package_patch", id=package["id"], notes_translated={"en": "New."}, **fields)

    return route


def close(package: dict[str, Any]) -> None:
    with publishing(MEMBER):
        hide(model.Package.get(package["id"]), CLOSED)
        index_update_package({"user": "", "ignore_auth": True}, package["id"])
        model.Session.commit()


def _mark(package: dict[str, Any]) -> None:
    dirty.mark([package["id"]], dirty.EDITED)
    model.Session.commit()
    render_dirty()


def _update(**fields: Any) -> Route:
    def route(package: dict[str, Any]) -> None:
        call("package_update", **{**call("package_show", id=package["id"]), **fields})

    return route


delete, undelete, purge = (
    lambda package: call("package_delete", id=package["id"]),
    _patch(state="active"),
    lambda package: call("dataset_purge", id=package["id"]),
)
withdraw, restore = (
    lambda package: call("citizendata_record_withdraw", id=package["id"]),
    lambda package: call("citizendata_record_restore", id=package["id"]),
)
private, public = _bulk("bulk_update_private"), _bulk("bulk_update_public")

# On a live record for everyone.
ON_OPEN: dict[str, tuple[Route, After]] = {
    "update that changes nothing": (_update(), OPEN),
    "update": (_update(notes_translated={"en": "New."}), _open("update")),
    "patch": (_patch(title_translated={"en": "New"}), _open("update")),
    "revise": (_revise, _open("update")),
    "patch to own people": (_patch(audience="producer"), _lowered("lower")),
    "patch to national users": (_patch(audience="national"), _lowered("lower")),
    "patch to a question left open": (_patch(personal_data="unknown"), _lowered("lower")),
    "update to private": (_update(private=True), _lowered("lower")),
    "patch to private": (_patch(private=True), _lowered("lower")),
    "bulk private": (private, _lowered("lower")),
    "bulk private, then public": (_in_turn(private, public), _lowered("lower")),
    "bulk public": (public, OPEN),
    "bulk delete": (_bulk("bulk_update_delete"), _deleted("delete")),
    "delete": (delete, _deleted("delete")),
    "delete, undelete": (_in_turn(delete, undelete), _open("delete", "restore")),
    "delete, purge": (_in_turn(delete, purge), _deleted("delete")),
    "purge": (purge, _deleted("delete")),
    "back to draft": (_patch(state="draft"), After(("lower",), DRAFT, NO_LONGER_PUBLIC, OWN, exported=False)),
    "back to draft, then active": (_in_turn(_patch(state="draft"), undelete), _open("lower", "restore")),
    "owner change": (_change_owner, _open("update")),
    "owner change by patch": (
        lambda package: call("package_patch", id=package["id"], owner_org=factories.Organization()["id"]),
        _open("update"),
    ),
    "organisation rename": (_rename_organization, _open("rerender")),
    "resource create": (
        lambda package: call("resource_create", package_id=package["id"], url="https://example.org/c.csv"),
        _open("update"),
    ),
    "resource update": (_resource("resource_update", url="https://example.org/d.csv"), _open("update")),
    "resource patch": (_resource("resource_patch", name="D"), _open("update")),
    "resource delete": (_resource("resource_delete"), _open("update")),
    "resource reorder": (_reorder, OPEN),
    "tag": (_patch(tags=[{"name": "water"}]), OPEN),
    "group membership": (_group("member_create"), OPEN),
    "group membership, and out": (_group("member_delete"), OPEN),
    "withdraw": (withdraw, _withdrawn("withdraw")),
    "withdraw, restore": (_in_turn(withdraw, restore), _open("withdraw", "restore")),
    "withdraw, public": (_in_turn(withdraw, public), _withdrawn("withdraw")),
    "withdraw, edit": (_in_turn(withdraw, _patch(title_translated={"en": "N"}, private=False)), _withdrawn("withdraw")),
    "withdraw, delete, undelete": (_in_turn(withdraw, delete, undelete), _withdrawn("withdraw")),
    "withdraw, purge": (_in_turn(withdraw, purge), _withdrawn("withdraw", found_by=NOBODY)),
}
# On a live record for its own people.
ON_HIDDEN: dict[str, tuple[Route, After]] = {
    "update": (_update(notes_translated={"en": "New."}), After(("update",), LIVE, None, OWN, exported=False)),
    "patch private=false": (_patch(private=False), HIDDEN),
    "bulk public": (public, HIDDEN),
    "patch to everyone": (_patch(audience="everyone"), _open("raise")),
    "patch to everyone as the form sends it": (_update(audience="everyone"), _open("raise")),
    "patch to national users": (_patch(audience="national"), After(("raise",), LIVE, None, OWN, exported=False)),
    "delete": (delete, After(("delete",), DELETED, None, NOBODY, exported=False)),
    "delete, undelete": (_in_turn(delete, undelete), After(("delete", "restore"), LIVE, None, OWN, exported=False)),
    "withdraw": (withdraw, After(("withdraw",), WITHDRAWN, None, OWN, exported=False)),
    "purge": (purge, After(("delete",), DELETED, None, NOBODY, exported=False)),
}
# On a member's record that its source doesn't want public any more.
STAYS = After((), CLOSED, NO_LONGER_PUBLIC, OWN, exported=False)
ON_CLOSED: dict[str, tuple[Route, After]] = {
    "organisation rename": (_rename_organization, STAYS),
    "rebuild": (lambda package: rebuild_record(package["id"]), STAYS),
    "raw write": (_mark, STAYS),
    "update without a received record": (_published(), STAYS),
    "delete, undelete": (_in_turn(_published(state="deleted"), _published(state="active")), STAYS),
    "received anew": (_published(RECEIVED), _open("restore")),
}
# On a draft, which has no record.
ON_DRAFT: dict[str, tuple[Route, After]] = {
    "edit": (_patch(title_translated={"en": "New"}), After((), None, None, OWN, exported=False)),
    "to active": (undelete, _open("create")),
    "delete": (delete, After((), None, None, NOBODY, exported=False)),
    "purge": (purge, After((), None, None, NOBODY, exported=False)),
}


def _found_by(package_id: str) -> str:
    """Who finds it by search; what is for anybody must also count as public for CKAN."""
    found = [
        filters for filters in ("*:*", "permission_labels:public", "capacity:public") if _hits(package_id, filters)
    ]
    assert ("capacity:public" in found) == ("permission_labels:public" in found)
    return ANYBODY if "capacity:public" in found else OWN if found else NOBODY


def _hits(package_id: str, filters: str) -> int:
    return make_connection().search(f"id:{package_id}", fq=filters).hits


def _exported() -> set[str]:
    """The datasets of the catalogue as everyone downloads it."""
    text = tk.get_action("dcat_catalog_show")({"user": "", "ignore_auth": False}, {"format": "nt"})
    return {line.split()[0].strip("<>") for line in text.splitlines() if line.endswith(IS_DATASET)}


def _after(package_id: str, known: int) -> After:
    row = record.by_package(package_id)
    package = model.Session.get(model.Package, package_id, populate_existing=True)
    exported = bool(row) and row.iri in _exported()
    assert package is None or package.private != exported
    return After(
        operations=tuple(step.operation for step in change.of_package(package_id)[known:]),
        state=row.state if row else None,
        tombstone=row.tombstone if row else None,
        found_by=_found_by(package_id),
        exported=exported,
    )


@pytest.fixture
def kenya(organization: dict[str, Any]) -> None:
    """A member whose records belong to the organisation."""
    row = {"id": MEMBER, "title": "Kenya", "url": IRI, "audience": "everyone", "interval_minutes": 0}
    member.write({**row, "organization_id": organization["id"]})
    ledger.write({"member_id": MEMBER, "iri": IRI, "state": "published"})


@pytest.mark.usefixtures("site")
class TestWritingRoutes:
    """The tables above were written before the code."""

    def _check(self, package: dict[str, Any], route: Route, expected: After) -> None:
        known = len(change.of_package(package["id"]))
        route(package)
        assert _after(package["id"], known) == expected
        assert not dirty.waiting([package["id"]])

    @pytest.mark.parametrize("name", ON_OPEN)
    def test_on_an_open_record(self, name: str, dataset: Callable[..., dict[str, Any]]) -> None:
        """What everyone may read."""
        self._check(dataset(name=NAME, resources=FILES), *ON_OPEN[name])

    @pytest.mark.parametrize("name", ON_HIDDEN)
    def test_on_a_hidden_record(self, name: str, dataset: Callable[..., dict[str, Any]]) -> None:
        """What is for the producer's own people."""
        self._check(dataset(name=NAME, resources=FILES, audience="producer"), *ON_HIDDEN[name])

    @pytest.mark.parametrize("name", ON_CLOSED)
    def test_on_a_closed_record(self, name: str, dataset: Callable[..., dict[str, Any]], kenya: None) -> None:  # noqa: ARG002
        """What a member's feed took from everyone stays so till the feed brings it anew."""
        with publishing(MEMBER, RECEIVED):
            package = dataset(name=NAME)
        close(package)
        self._check(package, *ON_CLOSED[name])

    @pytest.mark.parametrize("name", ON_DRAFT)
    def test_on_a_draft(self, name: str, dataset: Callable[..., dict[str, Any]]) -> None:
        """What isn't published yet."""
        self._check(dataset(name=NAME, state="draft"), *ON_DRAFT[name])

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, _open("create")),
            ({"private": True}, CREATED),
            ({"audience": "producer", "private": False}, CREATED),
            ({"sensitivity": "unknown"}, CREATED),
            ({"state": "draft"}, After((), None, None, OWN, exported=False)),
        ],
    )
    def test_create(self, fields: dict[str, Any], expected: After, dataset: Callable[..., dict[str, Any]]) -> None:
        """A new dataset has a record from its first moment, unless it is a draft."""
        assert _after(dataset(**fields)["id"], 0) == expected


@pytest.mark.usefixtures("site")
class TestPastTheHooks:
    """Writes that no hook sees."""

    def test_a_raw_write_hides_until_rendered(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """A row that says less than its package may say too much: it leaves feeds and pages at once."""
        package = dataset(name=NAME)
        row = model.Package.get(NAME)
        row.extras = {**row.extras, "audience": "producer"}
        model.Session.commit()

        assert dirty.waiting([package["id"]]) == [package["id"]]
        assert not _exported()
        with pytest.raises(tk.ObjectNotFound):
            tk.get_action("package_show")({"user": ""}, {"id": NAME})

        assert render_dirty(10) == 1
        assert _after(package["id"], 1) == _lowered("lower")

    def test_a_raw_write_is_rendered(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """A resource deleted by its row is gone from the record, which is back in the feeds."""
        package = dataset(name=NAME, resources=FILES)
        model.Resource.get(package["resources"][0]["id"]).state = "deleted"
        model.Session.commit()

        assert render_dirty(10) == 1
        assert _after(package["id"], 1) == _open("update")
        assert "b.csv" in record.by_package(package["id"]).fragment
        assert "a.csv" not in record.by_package(package["id"]).fragment

    def test_a_rename_leaves_pages_alone(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """A record that waits for its organisation's new name is out of feeds, but on its page."""
        package = dataset(name=NAME)
        dirty.mark([package["id"]], dirty.ORGANIZATION)
        model.Session.commit()

        assert not _exported()
        assert tk.get_action("package_show")({"user": ""}, {"id": NAME})["name"] == NAME

    def test_a_record_that_fails_lets_others_pass(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """What can't be rendered stays out of feeds, and the one behind it is rendered."""
        broken, whole = dataset(name="broken"), dataset(name="whole")
        row = model.Package.get("broken")
        row.extras = {**row.extras, "contact": "{"}
        model.Session.commit()
        dirty.mark([whole["id"]], dirty.ORGANIZATION)
        model.Session.commit()

        assert render_dirty(10) == 1
        assert _exported() == {whole["uri"]}
        assert dirty.waiting([broken["id"]]) == [broken["id"]]

    @pytest.mark.parametrize("name", ["create", "raise", "restore"])
    def test_a_commit_that_fails_shows_nothing(self, name: str, dataset: Callable[..., dict[str, Any]]) -> None:
        """CKAN indexes before it commits; what the database refused isn't left for everyone to find."""
        routes = {"create": lambda _: dataset(name="phantom"), "raise": _patch(audience="everyone"), "restore": restore}
        package = dataset(audience="everyone" if name == "restore" else "producer")
        if name == "restore":
            withdraw(package)
        model.Session.execute(sa.text(FAILING_COMMIT))
        model.Session.commit()
        try:
            with pytest.raises(SQLAlchemyError):
                routes[name](package)
            assert _found_by(package["id"]) == OWN
            assert make_connection().search("*:*").hits == 1
        finally:
            model.Session.rollback()
            model.Session.execute(sa.text("DROP FUNCTION refuse_change CASCADE"))
            model.Session.commit()
