"""Running the harvest again, when nothing changed, changes nothing: not a row, not a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

NODES = ("kenya", "ghana")
TABLES = (
    *("package", "resource", "package_tag", "member", "group"),
    *("citizendata_record", "citizendata_change", "citizendata_ledger", "citizendata_member", "citizendata_dirty"),
)


@dataclass(frozen=True)
class Idle:
    """What was before and after two harvests of each member, and their reports."""

    before: dict[str, dict[str, list[str]]]
    after: dict[str, dict[str, list[str]]]
    index_before: dict[str, Any]
    index_after: dict[str, Any]
    reports: list[dict[str, Any]]


@pytest.fixture(scope="module")
def idle(
    rows: Callable[..., dict[str, list[str]]], solr: Callable[..., Any], harvest: Callable[[str], dict[str, Any]]
) -> Idle:
    """Everything is brought up to date; then each member is harvested twice more."""
    for member in NODES:
        harvest(member)

    def tables() -> dict[str, dict[str, list[str]]]:
        return {site: rows(site, *TABLES) for site in ("registry", *NODES)}

    before, index_before = tables(), _index(solr)
    reports = [harvest(member) for member in NODES * 2]
    return Idle(before, tables(), index_before, _index(solr), reports)


def _index(solr: Callable[..., Any]) -> dict[str, Any]:
    """What tells whether the registry's index was written: its version, and how much was ever sent to it."""
    about = solr("registry", "admin/luke", show="index")["index"]
    _, handlers = solr("registry", "admin/mbeans", stats="true", cat="UPDATE")["solr-mbeans"]
    sent = {name: count for name, count in handlers["updateHandler"]["stats"].items() if "cumulative" in name}
    assert any(name.endswith("cumulativeAdds.count") and count >= 18 for name, count in sent.items()), sent
    counts = {name: count for name, count in sent.items() if name.endswith(".count")}
    return {name: about[name] for name in ("numDocs", "maxDoc", "version", "lastModified")} | counts


class TestIdleHarvest:
    def test_it_finds_everything_unchanged(self, idle: Idle) -> None:
        """The reports count every record as unchanged and name none."""
        assert [report["state"] for report in idle.reports] == ["finished"] * 4
        for report in idle.reports:
            assert {name for name, count in report["counts"].items() if count} == {"unchanged"}
            assert report["items"] == []
        assert all(report["counts"]["unchanged"] >= 6 for report in idle.reports)

    @pytest.mark.parametrize("table", TABLES)
    def test_it_writes_no_row(self, idle: Idle, table: str) -> None:
        """Each row of the registry is the same, written by the same transaction as before."""
        assert idle.after["registry"][table] == idle.before["registry"][table]

    @pytest.mark.parametrize("site", NODES)
    def test_being_harvested_writes_no_row(self, idle: Idle, site: str) -> None:
        """Nothing is written at the national catalogue either."""
        assert idle.after[site] == idle.before[site]

    def test_there_was_something_to_write(self, idle: Idle) -> None:
        """The tables hold the harvested records, or the comparison would prove nothing."""
        registry = idle.before["registry"]

        assert len(registry["package"]) >= 18
        assert len(registry["citizendata_record"]) >= 18
        assert len(registry["citizendata_ledger"]) >= 18
        assert len(registry["resource"]) >= 18

    def test_it_adds_nothing_to_the_index(self, idle: Idle) -> None:
        """No document is added or deleted, and the index isn't even opened anew."""
        assert idle.index_after == idle.index_before
