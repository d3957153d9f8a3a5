"""Who meets which record: each reader goes to every place and looks for the words that the table keeps from her."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

from . import places
from .crawl import answers, at_absent_record, at_record, at_word, differing, lacking

NODES = ("kenya", "ghana")
# A column of the table for each reader of a national catalogue.
STRANGERS = {"anonymous": "anonymous_node", "other": "other_organisation", "newcomer": "signed_in_national"}


@dataclass(frozen=True)
class Canary:
    """One line of the table, with the record's ids as its own catalogue gave them."""

    word: str
    record: str
    site: str
    organization: str
    meets: dict[str, str]
    id: str
    resource: str

    @property
    def marks(self) -> tuple[str, ...]:
        """What tells of the record wherever it stands."""
        return (self.word, self.record, self.id)


@pytest.fixture(scope="module")
def canaries(
    demo: Demo, table: Callable[[str], list[dict[str, str]]], administrator: Callable[[str], Browser]
) -> list[Canary]:
    """The whole table."""
    organization = {record.package["name"]: record.organization for record in demo.records}
    found = []
    for row in table("canaries"):
        package = administrator(row["site"]).action("package_show", {"id": row["record"]})
        resource = package["resources"][0]["id"] if package["resources"] else str(uuid.uuid4())
        name = row["record"]
        found.append(Canary(row["word"], name, row["site"], organization[name], row, package["id"], resource))
    return found


@pytest.fixture(scope="module")
def reader(
    anyone: Callable[[str], Browser],
    newcomer: Callable[[str], Browser],
    editor: Callable[[str], Browser],
    administrator: Callable[[str], Browser],
) -> Callable[[str, str], Browser]:
    """A reader of a kind at a site; the one of another organisation is in one that has public records alone."""
    other = {"kenya": "zumari-radio-circle", "ghana": "yesusu-platform"}
    kinds = {
        "anonymous": anyone,
        "newcomer": newcomer,
        "other": lambda site: editor(other[site]),
        "administrator": administrator,
    }
    return lru_cache(lambda kind, site: kinds[kind](site))


@pytest.fixture(scope="module")
def site_places(canaries: list[Canary]) -> Callable[[str], list[str]]:
    """The addresses of a site that don't depend on a record, those of organisations that hide some among them."""

    def listed(site: str) -> list[str]:
        hiding = sorted({each.organization for each in canaries if each.site == site}) or list(NODES)
        return list(places.of_site(hiding, ["admin", f"editor-{hiding[0]}"]))

    return listed


class TestNationalCatalogue:
    @pytest.mark.parametrize("site", NODES)
    @pytest.mark.parametrize("kind", STRANGERS)
    def test_a_hidden_record_is_in_no_place(
        self,
        reader: Callable[[str, str], Browser],
        canaries: list[Canary],
        site_places: Callable[[str], list[str]],
        kind: str,
        site: str,
    ) -> None:
        """No page, answer or feed holds word, name or id of a record that the table keeps from this reader."""
        hidden = [each for each in canaries if each.site == site and each.meets[STRANGERS[kind]] == "no"]

        told = answers(reader(kind, site), site_places(site))

        assert len(hidden) > 1
        assert _met(told, hidden) == []

    @pytest.mark.parametrize("site", NODES)
    @pytest.mark.parametrize("kind", STRANGERS)
    def test_a_hidden_record_answers_like_an_absent_one(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary], kind: str, site: str
    ) -> None:
        """Every address of the record and of its file answers as that of a record which never was."""
        hidden = [each for each in canaries if each.site == site and each.meets[STRANGERS[kind]] == "no"]
        absent = at_absent_record(reader(kind, site))

        for each in hidden:
            assert differing(at_record(reader(kind, site), each.record, each.id, each.resource), absent) == []

    @pytest.mark.parametrize("site", NODES)
    @pytest.mark.parametrize("kind", STRANGERS)
    def test_a_hidden_word_is_searched_in_vain(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary], kind: str, site: str
    ) -> None:
        """Search, suggestions and feeds answer as to a word that stands in no record at all."""
        hidden = [each for each in canaries if each.site == site and each.meets[STRANGERS[kind]] == "no"]
        absent = at_word(reader(kind, site))

        for each in hidden:
            assert differing(at_word(reader(kind, site), each.word), absent) == []

    def test_own_people_meet_their_hidden_record(
        self, editor: Callable[[str], Browser], canaries: list[Canary]
    ) -> None:
        """Page, search, API and RDF show a record to the organisation that made it."""
        hidden = [each for each in canaries if each.meets["anonymous_node"] == "no"]

        assert [each.meets["own_people"] for each in hidden] == ["yes"] * 7
        assert {each.word: _unmet_by_own(editor(each.organization), each) for each in hidden} == {
            each.word: [] for each in hidden
        }

    @pytest.mark.parametrize("kind", ["other", "newcomer"])
    def test_a_national_record_is_met_by_who_signed_in(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary], kind: str
    ) -> None:
        """Users of the national catalogue meet it, in another organisation or in none."""
        national = [each for each in canaries if each.meets["audience"] == "national"]

        assert [each.word for each in national] == ["drufalko"]
        assert _unmet_by_own(reader(kind, "ghana"), national[0]) == []

    def test_counts_tell_nothing_of_hidden_records(
        self, demo: Demo, table: Callable[[str], list[dict[str, str]]], reader: Callable[[str, str], Browser]
    ) -> None:
        """For an anonymous reader an organisation has as many records as she may read."""
        travels = {row["file"]: row["travels"] == "yes" for row in table("travels")}
        public = Counter(each.organization for each in demo.records if travels[each.package["name"]])
        counted = {
            organization["name"]: organization["package_count"]
            for site in NODES
            for organization in _result(reader("anonymous", site), "organization_list?all_fields=true")
        }

        assert counted == {each.name: public[each.name] for each in demo.organizations}


class TestRegistry:
    @pytest.mark.parametrize("kind", ["anonymous", "newcomer", "administrator"])
    def test_a_hidden_record_is_in_no_place(
        self,
        reader: Callable[[str, str], Browser],
        canaries: list[Canary],
        site_places: Callable[[str], list[str]],
        kind: str,
    ) -> None:
        """What an anonymous reader of the registry doesn't meet is for nobody there, its administrator included."""
        hidden = [each for each in canaries if each.meets["anonymous_registry"] == "no"]

        told = answers(reader(kind, "registry"), site_places("registry"))

        assert len(hidden) == 7
        assert _met(told, hidden) == []

    def test_a_hidden_record_answers_like_an_absent_one(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary]
    ) -> None:
        """The registry's administrator finds nothing at its name, its id or its word."""
        asking = reader("administrator", "registry")
        hidden = [each for each in canaries if each.meets["anonymous_registry"] == "no"]
        word, record = at_word(asking), at_absent_record(asking)

        for each in hidden:
            assert differing(at_word(asking, each.word), word) == []
        for each in hidden[:2]:
            assert differing(at_record(asking, each.record, each.id, each.resource), record) == []


class TestPublicCanary:
    @pytest.mark.parametrize("kind", [*STRANGERS, "administrator"])
    def test_everybody_meets_it_at_home(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary], kind: str
    ) -> None:
        """Page, search, suggestions, lists, RDF and feeds of its national catalogue show a public record."""
        public = [each for each in canaries if each.meets["anonymous_node"] == "yes"]

        assert len(public) == 2
        for each in public:
            assert _unmet(reader(kind, each.site), each.word, each.record, each.organization) == []

    @pytest.mark.parametrize("kind", ["anonymous", "newcomer", "administrator"])
    def test_everybody_meets_it_at_the_registry(
        self, reader: Callable[[str, str], Browser], canaries: list[Canary], kind: str
    ) -> None:
        """The same places of the registry show it, under the organisation that stands for its catalogue."""
        for each in (each for each in canaries if each.meets["anonymous_registry"] == "yes"):
            found = _result(reader("anonymous", "registry"), f"package_search?q={each.word}")["results"]
            assert len(found) == 1
            assert _unmet(reader(kind, "registry"), each.word, found[0]["name"], each.site) == []


def _met(told: dict[str, str], hidden: list[Canary]) -> list[tuple[str, str]]:
    return [(place, mark) for place, text in told.items() for each in hidden for mark in each.marks if mark in text]


def _unmet_by_own(reader: Browser, canary: Canary) -> list[str]:
    """The places that should show the record to those who may see it, and don't."""
    api, name, stem = places.API, canary.record, canary.word[:-2]
    by_word = [
        *(f"/dataset/{name}", f"/dataset/{name}.ttl", f"{api}package_show?id={name}"),
        f"{api}package_search?include_private=true&q={canary.word}",
    ]
    by_name = [f"/dataset/?q=text:{stem}*", f"/organization/{canary.organization}"]
    return lacking(reader, dict.fromkeys(by_word, canary.word) | dict.fromkeys(by_name, name))


def _unmet(reader: Browser, word: str, name: str, organization: str) -> list[str]:
    """The places that should show the record and don't; where a page repeats the question, the name has to be there."""
    api = places.API
    by_word = [
        f"/dataset/{name}",
        *(f"/dataset/{name}.{suffix}" for suffix in places.RDF),
        *(f"/catalog.{suffix}" for suffix in places.RDF),
        *(f"/catalog.{suffix}?q=text:{word[:-2]}*" for suffix in places.RDF),
        f"{api}package_show?id={name}",
        f"{api}package_search?q={word}",
        f"{api}package_search?rows=1000&q=*:*&fl=id,notes",
        f"{api}current_package_list_with_resources?limit=1000",
        f"{api}dcat_dataset_show?id={name}",
        f"{api}dcat_catalog_show",
    ]
    by_name = [
        "/dataset/",
        f"/dataset/?q={word}",
        f"/organization/{organization}",
        f"{api}package_list",
        f"{api}package_autocomplete?q={name.split('-')[0]}",
        f"/api/2/util/dataset/autocomplete?incomplete={name.split('-')[0]}",
        "/feeds/dataset.atom",
        f"/feeds/custom.atom?q={word}",
        f"/feeds/organization/{organization}.atom",
    ]
    # CKAN's action names ten datasets at most, and those that stand for a catalogue at the registry have more.
    if organization not in NODES:
        by_name.append(f"{api}organization_show?id={organization}&include_datasets=true")
    return lacking(reader, dict.fromkeys(by_word, word) | dict.fromkeys(by_name, name))


def _result(reader: Browser, question: str) -> Any:
    return reader.get(places.API + question).json()["result"]
