"""The registry's filters beside the table: each choice of the search page, followed as a link, and each API filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

# What a person reads above the choices of each field.
HEADINGS = {
    "country": "Country",
    "population_group": "Groups of people",
    "sdg_goal": "Sustainable Development Goals",
    "initiator_kind": "Who started it",
    "integration_status": "Relation to official statistics",
}
# Some codes by their label, from the published code lists.
LABELS = {
    ("country", "KEN"): "Kenya",
    ("country", "COD"): "Democratic Republic of the Congo",
    ("country", "NPL"): "Nepal",
    ("population_group", "slum_informal_settlement_dwellers"): "People in slums and informal settlements",
    ("sdg_goal", "6"): "Clean water and sanitation",
    ("sdg_goal", "none"): "None of the Goals",
    ("initiator_kind", "opd"): "Organisation of persons with disabilities",
    ("integration_status", "stand_alone_by_choice"): "Stands alone by choice",
}

Table = dict[str, dict[str, set[str]]]


@pytest.fixture(scope="module")
def expected(table: Callable[[str], list[dict[str, str]]]) -> Table:
    """Names of records by code by field; every code of the table, also those that nothing has."""
    found: Table = defaultdict(dict)
    for row in table("filters"):
        found[row["field"]][row["code"]] = set(row["records"].split())
    assert set(found) == set(HEADINGS)
    return found


@pytest.fixture(scope="module")
def names(demo: Demo, administrator: Callable[[str], Browser]) -> dict[str, str]:
    """The name of each sample record at its own catalogue, by its name at the registry."""
    homes = {}
    for node in demo.nodes:
        result = administrator(node.name).action("package_search", {"rows": 1000, "include_private": True})
        homes |= {package["uri"]: package["name"] for package in result["results"]}
    copies = administrator("registry").action("package_search", {"rows": 1000})
    return {package["name"]: homes[package["uri"]] for package in copies["results"]}


@pytest.fixture(scope="module")
def page(anyone: Callable[[str], Browser]) -> Callable[[str], BeautifulSoup]:
    """A page of the registry as an anonymous reader without JavaScript gets it."""
    return lambda address: BeautifulSoup(anyone("registry").get(address).text, "html.parser")


@pytest.fixture(scope="module")
def choices(page: Callable[[str], BeautifulSoup]) -> dict[str, dict[str, tuple[str, int]]]:
    """What the search page offers: by heading and label the link's address and the number beside the label."""
    return {heading: dict(_choices(page, heading)) for heading in HEADINGS.values()}


def _choices(page: Callable[[str], BeautifulSoup], heading: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """All choices under a heading: where the page shows some alone, those behind its link to the rest."""
    links = _links(page("/dataset/"), heading)
    rest = [link for link in links if link.get_text(strip=True) == "Show all"]
    for link in _links(page(str(rest[0]["href"])), heading) if rest else links:
        *words, count = link.get_text(" ", strip=True).split()
        if count.isdigit():
            yield " ".join(words), (str(link["href"]), int(count))


def _links(found: BeautifulSoup, heading: str) -> list[Tag]:
    facets = [facet for facet in found.select(".cd-facet") if heading in facet.get_text()]
    assert len(facets) == 1, heading
    return facets[0].select("a[href]")


def _code(field: str, address: str) -> str:
    """The code that a link filters by."""
    return dict(parse_qsl(urlsplit(address).query))[f"vocab_{field}"]


def _listed(found: BeautifulSoup) -> list[str]:
    """The names of the records that a page of the search lists."""
    return [str(link["href"]).rpartition("/")[2] for link in found.select(".dataset-heading a")]


@pytest.mark.parametrize("field", HEADINGS)
class TestSearchFilters:
    def test_each_link_leads_to_the_records_of_the_table(
        self,
        expected: Table,
        names: dict[str, str],
        page: Callable[[str], BeautifulSoup],
        choices: dict[str, dict[str, tuple[str, int]]],
        field: str,
    ) -> None:
        """The links under the heading are the codes that some record has, and each leads to exactly its records."""
        found = {}
        for label, (address, count) in choices[HEADINGS[field]].items():
            listed = _listed(page(address))
            assert len(listed) == count, label
            found[_code(field, address)] = {names[name] for name in listed}

        assert found == {code: records for code, records in expected[field].items() if records}

    def test_each_filter_of_the_api_finds_the_records_of_the_table(
        self, expected: Table, names: dict[str, str], anyone: Callable[[str], Browser], field: str
    ) -> None:
        """`package_search` with the filter gives the same records, and none for a code that no record has."""
        found = {}
        for code in expected[field]:
            asked = {"fq": f'vocab_{field}:"{code}"', "rows": 1000}
            answer = anyone("registry").get("/api/3/action/package_search", params=asked).json()["result"]
            found[code] = {names[package["name"]] for package in answer["results"]}

        assert found == expected[field]

    def test_no_code_is_read(self, expected: Table, choices: dict[str, dict[str, tuple[str, int]]], field: str) -> None:
        """People read labels; the ones that this test knows stand at their codes."""
        labels = {_code(field, address): label for label, (address, _) in choices[HEADINGS[field]].items()}
        known = {code: label for (of_field, code), label in LABELS.items() if of_field == field}

        assert set(labels.values()).isdisjoint(expected[field])
        assert {code: labels[code] for code in known} == known


class TestTogether:
    def test_two_filters_narrow_down(self, names: dict[str, str], page: Callable[[str], BeautifulSoup]) -> None:
        """From the page of one filter the link of another leads to the records that have both."""
        first = page("/dataset/?vocab_country=KEN")
        started = [link for link in _links(first, "Who started it") if "Community organisation" in link.get_text()]

        second = _listed(page(str(started[0]["href"])))

        assert {names[name] for name in second} == {"settlement-profiles-by-residents"}
