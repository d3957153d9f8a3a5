"""What changes at a national catalogue is so at the registry after the next harvest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ckanext.citizendata.local.browser import Browser

from . import places
from .crawl import lacking

SITE, ORGANIZATION, NAME_OF_ORGANIZATION = "ghana", "lakeside-nets-union", "Lakeside Nets Union"
RENAMED = "Union of Lakeside Nets and Smokers"
NEW_TITLES = {"en": "A new title", "fr": "Neuf"}
# What is done to each record between two harvests.
RECORDS = ("stays", "changes", "withdrawn", "deleted", "purged", "closes", "opens")
OUTCOMES = {
    "stays": "unchanged",
    "changes": "changed",
    "withdrawn": "removed",
    "deleted": "removed",
    "purged": "removed",
    "closes": "removed",
    "opens": "added",
    "arrives": "added",
}


@dataclass(frozen=True)
class Change:
    """The records by what is done to them, the reports of the harvests before and after, and what was found between."""

    iris: dict[str, str]
    before: dict[str, Any]
    unmet: list[str]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def change(
    editor: Callable[[str], Browser],
    administrator: Callable[[str], Browser],
    anyone: Callable[[str], Browser],
    publish: Callable[..., dict[str, Any]],
    harvest: Callable[[str], dict[str, Any]],
) -> Change:
    """Records are published and harvested, each has its fate, and the registry harvests again."""
    made = {fate: _published(publish, fate) for fate in RECORDS}
    before = harvest(SITE)
    search = {f"{places.API}package_search?q=fate{fate}": f"fate{fate}" for fate in RECORDS if fate != "opens"}
    unmet = lacking(anyone("registry"), search)

    person, root = editor(ORGANIZATION), administrator(SITE)
    person.action(
        "package_patch", {"id": made["changes"]["id"], "title_translated": {"en": "A new title", "fr": "Neuf"}}
    )
    person.action("citizendata_record_withdraw", {"id": made["withdrawn"]["id"]})
    person.action("package_delete", {"id": made["deleted"]["id"]})
    root.action("dataset_purge", {"id": made["purged"]["id"]})
    person.action("package_patch", {"id": made["closes"]["id"], "audience": "producer"})
    person.action("package_patch", {"id": made["opens"]["id"], "audience": "everyone"})
    made["arrives"] = _published(publish, "arrives")
    return Change({fate: package["uri"] for fate, package in made.items()}, before, unmet, harvest(SITE))


def _published(publish: Callable[..., dict[str, Any]], fate: str) -> dict[str, Any]:
    return publish(
        ORGANIZATION,
        f"fate-{fate}",
        title_translated={"en": f"Record that {fate}"},
        notes_translated={"en": f"Its word is fate{fate}. Invented example."},
        audience="producer" if fate == "opens" else "everyone",
    )


@pytest.fixture(scope="module")
def found(change: Change, anyone: Callable[[str], Browser]) -> dict[str, dict[str, Any]]:
    """The registry's records after the changes as everyone finds them, by IRI."""
    assert change.after["state"] == "finished"
    answer = anyone("registry").get(f"{places.API}package_search?rows=1000").json()["result"]
    return {package["uri"]: package for package in answer["results"]}


class TestNextHarvest:
    def test_before_it_the_records_were_there(self, change: Change) -> None:
        """Each was added by the harvest before, but for the one that was for its producer only."""
        told = {item["iri"]: item["outcome"] for item in change.before["items"]}

        assert {fate: told.get(change.iris[fate]) for fate in RECORDS} == {
            **dict.fromkeys(RECORDS, "added"),
            "opens": None,
        }
        assert change.unmet == []

    @pytest.mark.parametrize("fate", OUTCOMES)
    def test_it_reports_what_became_of_each(self, change: Change, fate: str) -> None:
        """The report names the outcome of every record that isn't simply unchanged."""
        told = {item["iri"]: item["outcome"] for item in change.after["items"]}

        assert told.get(change.iris[fate], "unchanged") == OUTCOMES[fate]

    def test_it_touches_nothing_else(self, change: Change) -> None:
        """No other record of the catalogue is counted as anything but unchanged."""
        counts = {name: count for name, count in change.after["counts"].items() if count and name != "unchanged"}

        assert counts == {"added": 2, "changed": 1, "removed": 4}

    @pytest.mark.parametrize("fate", OUTCOMES)
    def test_the_search_follows(
        self, change: Change, found: dict[str, dict[str, Any]], anyone: Callable[[str], Browser], fate: str
    ) -> None:
        """What was removed is in no search and no catalogue as a dataset; the rest is."""
        word = f"fate{fate}"
        there = OUTCOMES[fate] != "removed"
        search = anyone("registry").get(f"{places.API}package_search?q={word}").json()["result"]["count"]

        assert (change.iris[fate] in found) is there
        assert (search == 1) is there
        assert (word in anyone("registry").get("/catalog.ttl").text) is there

    def test_a_change_is_read_everywhere(
        self, change: Change, found: dict[str, dict[str, Any]], anyone: Callable[[str], Browser]
    ) -> None:
        """Page, API, RDF and search of the registry have the new title, in both languages, and the old one nowhere."""
        name = found[change.iris["changes"]]["name"]
        marks = {
            f"/dataset/{name}": "A new title",
            f"/fr/dataset/{name}": "Neuf",
            f"{places.API}package_show?id={name}": "A new title",
            f"/dataset/{name}.ttl": '"Neuf"@fr',
            "/catalog.ttl": '"A new title"@en',
            "/dataset/?q=title:%22A+new+title%22": f"/dataset/{name}",
        }

        assert lacking(anyone("registry"), marks) == []
        assert len(lacking(anyone("registry"), dict.fromkeys(marks, "Record that changes"))) == len(marks)


class TestRenamedOrganisation:
    @pytest.fixture
    def renamed(
        self, administrator: Callable[[str], Browser], harvest: Callable[[str], dict[str, Any]], change: Change
    ) -> Iterator[dict[str, Any]]:
        """The organisation has another name, and the registry harvested; afterwards it has its own again."""
        assert change.iris
        root = administrator(SITE)
        root.action("organization_patch", {"id": ORGANIZATION, "title": RENAMED})
        yield harvest(SITE)
        root.action("organization_patch", {"id": ORGANIZATION, "title": NAME_OF_ORGANIZATION})
        harvest(SITE)

    def test_its_records_follow(
        self,
        change: Change,
        renamed: dict[str, Any],
        found: dict[str, dict[str, Any]],
        anyone: Callable[[str], Browser],
    ) -> None:
        """Its public records are changed, and the registry names their producer anew."""
        told = {item["iri"]: item["outcome"] for item in renamed["items"]}
        public = ("stays", "changes", "opens", "arrives")
        name = found[change.iris["stays"]]["name"]

        assert {fate: told.get(change.iris[fate]) for fate in public} == dict.fromkeys(public, "changed")
        marks = dict.fromkeys(
            (f"/dataset/{name}", f"/dataset/{name}.ttl", f"{places.API}package_show?id={name}"), RENAMED
        )
        assert lacking(anyone("registry"), marks) == []
