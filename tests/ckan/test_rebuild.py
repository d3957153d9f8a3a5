"""Rebuilding goes one way: our packages into records, members' records into packages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.core.graph import graph_from_ntriples
from ckanext.citizendata.core.record import CLOSED
from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.logic.records import hide
from ckanext.citizendata.model import change, member, record
from ckanext.citizendata.model.record import Record

IRI = "https://source.example/dataset/1"
FRAGMENT = (
    f"<{IRI}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
    f'<{IRI}> <http://purl.org/dc/terms/title> "Wells, as the source says"@en .\n'
    f'<{IRI}> <http://purl.org/dc/terms/description> "All of them"@en .\n'
)
RESIDUE = '<{iri}> <https://example.org/unknown> "kept" .\n'

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def rebuild(cli: Any) -> Callable[..., str]:
    """Runs the command; its output."""

    def run(*arguments: str) -> str:
        result = cli.invoke(ckan, ["citizendata", "rebuild", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def _operations(id_: str) -> list[str]:
    return [step.operation for step in change.of_package(id_)]


class TestRebuild:
    def test_of_current_records_changes_nothing(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """Same package, same mapping: no row says anything new."""
        ids = [dataset()["id"], dataset(audience="producer")["id"]]
        before = [record.by_package(id_) for id_ in ids]

        assert "2 records rebuilt, 0 changed." in rebuild("--all")
        assert [record.by_package(id_) for id_ in ids] == before
        assert [_operations(id_) for id_ in ids] == [["create"], ["create"]]

    def test_of_a_record_of_an_older_mapping_is_a_rerender(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """The statements are written anew from the package, and the change is told as ours, not the producer's."""
        package = dataset()
        expected = record.by_package(package["id"])
        old = {"fragment": "", "fingerprint": "old", "mapping_version": "0"}
        model.Session.execute(sa.update(Record).values(**old))
        model.Session.commit()

        assert "1 records rebuilt, 1 changed." in rebuild(package["name"])
        assert record.by_package(package["id"]) == expected
        assert _operations(package["id"]) == ["create", "rerender"]

    def test_keeps_what_the_schema_does_not_cover(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """Residue is part of the record again."""
        package = dataset()
        residue = RESIDUE.format(iri=package["uri"])
        model.Session.execute(sa.update(Record).values(residue=residue))
        model.Session.commit()
        rebuild(package["name"])
        call("package_patch", id=package["id"], title_translated={"en": "Edited"})

        row = record.by_package(package["id"])
        assert row.residue == residue
        assert graph_from_ntriples(residue) <= graph_from_ntriples(row.fragment)
        assert "Edited" in row.fragment

    def test_an_edit_takes_what_it_changed_from_the_residue(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """A second title stays while somebody edits something else, and goes with the first."""
        package = dataset()
        second = f'<{package["uri"]}> <http://purl.org/dc/terms/title> "Zones"@en .\n'
        model.Session.execute(sa.update(Record).values(residue=RESIDUE.format(iri=package["uri"]) + second))
        model.Session.commit()
        rebuild(package["name"])
        call("package_patch", id=package["id"], notes_translated={"en": "Said anew"})
        assert second in record.by_package(package["id"]).fragment
        call("package_patch", id=package["id"], title_translated={"en": "Edited"})

        row = record.by_package(package["id"])
        assert row.residue == RESIDUE.format(iri=package["uri"])
        assert second not in row.fragment

    def test_of_a_member_record_goes_the_other_way(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """The package follows the statements; they stay as received, and nobody is told of a change."""
        package = dataset(name="wells")
        _admit(package["owner_org"])
        with publishing("source", Incoming(IRI, FRAGMENT, "f1", "1")):
            package = dataset(name="harvested", title_translated={"en": "Wrongly projected"})

        rebuild("harvested")
        row = record.by_package(package["id"])
        assert call("package_show", id="harvested")["title"] == "Wells, as the source says"
        assert (row.fragment, row.fingerprint) == (FRAGMENT, "f1")
        assert _operations(package["id"]) == ["create"]

    def test_leaves_withdrawn_and_purged_records_so(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """Nothing comes back by being rebuilt."""
        withdrawn, purged = dataset()["id"], dataset()["id"]
        call("citizendata_record_withdraw", id=withdrawn)
        call("dataset_purge", id=purged)
        rebuild("--all")

        assert [record.by_package(id_).state for id_ in (withdrawn, purged)] == ["withdrawn", "deleted"]

    def test_leaves_a_closed_record_so(self, dataset: Make, rebuild: Callable[..., str]) -> None:
        """What a member's feed took from everyone isn't public again because it was rebuilt or its owner renamed."""
        _admit(dataset()["owner_org"])
        with publishing("source", Incoming(IRI, FRAGMENT, "f1", "1")):
            package = dataset(name="harvested")
        with publishing("source"):
            hide(model.Package.get(package["id"]), CLOSED)
            model.Session.commit()
        call("organization_patch", id=package["owner_org"], title="Renamed")
        rebuild("harvested")

        assert record.by_package(package["id"]).state == CLOSED
        assert model.Package.get(package["id"]).private
        assert _operations(package["id"]) == ["create", "lower"]

    @pytest.mark.parametrize("arguments", [(), ("--all", "name"), ("nothing",)])
    def test_says_what_it_needs(self, arguments: tuple[str, ...], site: None, cli: Any) -> None:  # noqa: ARG002
        """One dataset that there is, or all; anything else ends with a sentence."""
        result = cli.invoke(ckan, ["citizendata", "rebuild", *arguments])

        assert result.exit_code != 0
        assert "Name one dataset, or give --all." in result.output or "no record of a dataset named" in result.output


def _admit(organization_id: str) -> None:
    member.write(
        {
            "id": "source",
            "title": "Source Catalogue",
            "url": "https://source.example/catalog.ttl",
            "organization_id": organization_id,
            "audience": "everyone",
            "interval_minutes": 60,
        }
    )
    model.Session.commit()


@pytest.fixture
def rerender(cli: Any) -> Callable[..., str]:
    """Runs the command; its output."""

    def run(*arguments: str) -> str:
        result = cli.invoke(ckan, ["citizendata", "rerender", "--per-minute", "60000", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def _older(package_id: str, **values: str) -> None:
    """Makes a record one that an older version wrote."""
    older = sa.update(Record).where(Record.package_id == package_id)
    model.Session.execute(older.values(mapping_version="0", **values))
    model.Session.commit()


class TestRerender:
    def test_of_current_records_does_nothing(self, dataset: Make, rerender: Callable[..., str]) -> None:
        """Not even a look at each."""
        package_id = dataset()["id"]
        before = record.by_package(package_id)
        assert "Every record is as this version writes it." in rerender()
        assert record.by_package(package_id) == before

    def test_writes_older_records_anew_and_keeps_their_dates(self, dataset: Make, rerender: Callable[..., str]) -> None:
        """What says the same again is no change; what doesn't is told as ours."""
        first, second, third = (dataset()["id"] for _ in range(3))
        expected = [record.by_package(each) for each in (first, second, third)]
        _older(first)
        _older(second, fragment="", fingerprint="old")
        assert "2 records were written anew; 1 say something else now." in rerender()
        assert [record.by_package(each) for each in (first, second, third)] == expected
        assert [_operations(each) for each in (first, second)] == [["create"], ["create", "rerender"]]
        assert "Every record is" in rerender()

    def test_reads_members_records_anew(self, dataset: Make, rerender: Callable[..., str]) -> None:
        """The page follows the statements; the date of its listing stays, and nobody is told of a change."""
        package = dataset(name="wells")
        _admit(package["owner_org"])
        with publishing("source", Incoming(IRI, FRAGMENT, "f1", "1")):
            package = dataset(name="harvested", title_translated={"en": "Wrongly projected"})
        before = record.by_package(package["id"])
        assert "1 records were written anew; 0 say something else now." in rerender()
        row = record.by_package(package["id"])
        assert call("package_show", id="harvested")["title"] == "Wells, as the source says"
        assert (row.fragment, row.fingerprint, row.modified) == (FRAGMENT, "f1", before.modified)
        assert _operations(package["id"]) == ["create"]
        assert "Every record is" in rerender()

    def test_one_that_fails_costs_no_other(self, dataset: Make, cli: Any) -> None:
        """It is counted, with an exit code, and waits for the next time."""
        package = dataset(name="wells")
        _admit(package["owner_org"])
        with publishing("source", Incoming(IRI, FRAGMENT, "f1", "1")):
            orphan = dataset(name="harvested")["id"]
        member.remove("source")
        _older(package["id"])
        result = cli.invoke(ckan, ["citizendata", "rerender", "--per-minute", "60000"])
        assert result.exit_code == 1
        assert "1 records were written anew" in result.output
        assert "1 couldn't be" in result.output
        assert record.by_package(orphan).mapping_version == "1"
        assert record.by_package(package["id"]).mapping_version != "0"
