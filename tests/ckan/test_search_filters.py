"""The filters of the search page beside a table, written by hand, of what each must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action as call

SITE = "http://test.ckan.net"
IRI = {letter: f"{SITE}/dataset/00000000-0000-4000-8000-00000000000{number}" for number, letter in enumerate("abcdef")}

# f answers the nine, the three and the audience alone; d is for its producer, e is withdrawn.
RECORDS: dict[str, dict[str, Any]] = {
    "a": {
        "title_translated": {"en": "Water points counted by residents", "ar": "نقاط المياه"},
        "country": ["KEN"],
        "population_group": ["women", "slum_informal_settlement_dwellers"],
        "sdg_goal": ["5", "6"],
        "initiator_kind": ["community_organisation"],
        "integration_status": "none",
    },
    "b": {
        "title_translated": {"en": "Ramps and lifts", "fr": "Rampes et ascenseurs"},
        "country": ["KEN", "GHA"],
        "population_group": ["persons_with_disabilities"],
        "sdg_goal": ["10"],
        "sdg_indicator": ["C060101"],
        "initiator_kind": ["opd"],
        "integration_status": "used_as_complementary",
        "temporal_coverage": [{"start": "2024-03"}],
    },
    "c": {
        "title_translated": {"en": "Girls at school"},
        "country": ["GHA"],
        "population_group": ["women", "girls", "trans"],
        "sdg_goal": ["5"],
        "initiator_kind": ["national_ngo"],
        "integration_status": "integrated",
        "temporal_coverage": [{"start": "2018", "end": "2018-12"}, {"start": "2018-06", "end": "2019-06-30"}],
    },
    "d": {"country": ["KEN"], "population_group": ["women"], "sdg_goal": ["5"], "audience": "producer"},
    "e": {"country": ["GHA"], "population_group": ["women"], "sdg_goal": ["5"]},
    "f": {
        "country": ["UGA"],
        "population_group": ["general_population"],
        "initiator_kind": ["academia"],
        "temporal_coverage": [{"end": "2021"}],
    },
}

FILTERS = {
    "": "abcf",
    "vocab_country=KEN": "ab",
    "vocab_country=GHA": "bc",
    "vocab_country=UGA": "f",
    "vocab_country=NPL": "",
    "vocab_region=002": "abcf",
    "vocab_region=014": "abf",
    "vocab_region=011": "bc",
    "vocab_region=142": "",
    "vocab_region=011&vocab_region=014": "abcf",
    "vocab_country=KEN&vocab_country=GHA": "abc",
    "vocab_country=KEN&vocab_country=GHA&vocab_sdg_goal=5": "ac",
    "vocab_country=KEN&vocab_country=KEN&fbclid=IwAR0": "ab",
    'vocab_country=KEN" OR "GHA': "",
    "ext_from=2015": "abcf",
    "ext_from=2024&ext_to=2024": "ab",
    "ext_from=2022&ext_to=2023": "a",
    "ext_from=2019&ext_to=2020": "cf",
    "ext_to=1999": "f",
    "ext_from=2030": "b",
    "ext_from=2021&ext_to=2021&vocab_country=UGA": "f",
    "ext_from=twenty": "abcf",
    "ext_from=2024&ext_to=2020": "abcf",
    "vocab_population_group=women": "ac",
    "vocab_population_group=girls": "c",
    "vocab_population_group=persons_with_disabilities": "b",
    "vocab_population_group=women&vocab_country=GHA": "c",
    "vocab_sdg_goal=5": "ac",
    "vocab_sdg_goal=10": "b",
    "vocab_sdg_goal=6": "ab",
    "vocab_sdg_target=6.1": "b",
    "vocab_sdg_indicator=C060101": "b",
    "vocab_sdg_goal=none": "f",
    "vocab_population_group=lgbtiq": "c",
    "vocab_population_group=trans": "c",
    "vocab_initiator_kind=opd": "b",
    "vocab_initiator_kind=national_ngo": "c",
    "vocab_integration_status=integrated": "c",
    "vocab_integration_status=unknown": "f",
    "q=lifts": "b",
    "q=ascenseurs": "b",
    "q=نقاط": "a",
    "q=Kenya": "ab",
    "q=disabilities&vocab_country=KEN": "b",
    "q=Afrique": "abcf",
    "q=世界": "",
    "q=transgender": "c",
    "q=LGBTIQ": "c",
    "q=sanitation": "ab",
    "q=producer": "",
}


@pytest.fixture
def records(dataset: Callable[..., dict[str, Any]]) -> None:
    """The six records of the table."""
    for letter, fields in RECORDS.items():
        dataset(id=IRI[letter].rpartition("/")[2], name=f"record-{letter}", **fields)
    call("citizendata_record_withdraw", id="record-e")


def _page(app: Any, address: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(address).body, "html.parser")


def _found(page: BeautifulSoup) -> set[str]:
    links = page.select(".dataset-heading a")
    return {IRI[str(link["href"]).rpartition("-")[2]] for link in links}


@pytest.mark.usefixtures("records")
class TestSearchFilters:
    def test_each_filter_finds_what_the_table_says(self, app: Any) -> None:
        """The page of each address lists these records and no other."""
        found = {query: _found(_page(app, f"/dataset/?{query}")) for query in FILTERS}

        assert found == {query: {IRI[letter] for letter in letters} for query, letters in FILTERS.items()}

    def test_the_latest_years_first(self, app: Any) -> None:
        """What goes on stands before what has ended, whenever it was described."""
        page = _page(app, "/dataset/?sort=reference_end_date+desc,+reference_start_date+desc")
        order = [str(link["href"])[-1] for link in page.select(".dataset-heading a")]

        assert order == ["b", "a", "f", "c"]
        assert page.select("#field-order-by option[selected]")[0].text == "Latest years first"

    def test_the_api_finds_the_same(self) -> None:
        """`package_search` answers with the addresses of the table."""
        answer = call("package_search", fq="vocab_population_group:women", context={"ignore_auth": False, "user": ""})

        assert {package["uri"] for package in answer["results"]} == {IRI["a"], IRI["c"]}

    def test_the_api_keeps_its_meaning(self) -> None:
        """All that a filter names at once; years are asked for by the same names, and a wrong one is refused."""
        context = {"ignore_auth": False, "user": ""}
        both = call("package_search", fq='vocab_country:"KEN" vocab_country:"GHA"', context=context)
        years = call("package_search", ext_from="2019", ext_to="2020", context=context)

        assert {package["uri"] for package in both["results"]} == {IRI["b"]}
        assert {package["uri"] for package in years["results"]} == {IRI["c"], IRI["f"]}
        with pytest.raises(tk.ValidationError, match="ext_from"):
            call("package_search", ext_from="twenty", context=context)

    def test_a_list_counts_without_its_own_choice(self, app: Any) -> None:
        """So a second choice tells how many it would add; what is chosen stays in sight where it finds nothing."""
        page = _page(app, "/dataset/?vocab_country=KEN&vocab_country=NPL&vocab_sdg_goal=5")
        choices = [link.get_text(" ", strip=True) for link in page.select(".cd-facet a")]

        assert {"Ghana 1", "Nepal 0 Remove"} <= {choice.replace("✕ ", "") for choice in choices}
        assert not [choice for choice in choices if choice.startswith("Uganda")]

    def test_facets_read_as_labels(self, app: Any) -> None:
        """Each choice shows its label and how many records it leaves; it is a plain link."""
        page = _page(app, "/dataset/")
        choices = {link.get_text(" ", strip=True): str(link["href"]) for link in page.select(".cd-facet a")}

        assert choices["Kenya 2"].endswith("vocab_country=KEN")
        assert choices["Persons with disabilities 1"].endswith("vocab_population_group=persons_with_disabilities")
        assert "Girls 1" in choices
        assert not [choice for choice in choices if "_" in choice]

    def test_facets_read_in_the_readers_language(self, app: Any) -> None:
        """In Arabic the same choice has its Arabic label."""
        choices = [link.get_text(" ", strip=True) for link in _page(app, "/ar/dataset/").select(".cd-facet a")]

        assert "كينيا 2" in choices

    @pytest.mark.parametrize(
        ("language", "label"), [("en", "Nepal"), ("fr", "Népal"), ("es", "Nepal"), ("ar", "نيبال")]
    )
    def test_a_chosen_filter_reads_as_its_label(self, app: Any, language: str, label: str) -> None:
        """Also where nothing is found; its link takes the filter away."""
        pill = _page(app, f"/{language}/dataset/?vocab_country=NPL").select_one(".cd-pills a")

        assert pill is not None
        assert label in pill.get_text()
        assert "NPL" not in pill.get_text()
        assert "vocab_country" not in str(pill["href"])

    def test_what_does_not_fit_is_no_facet(self, app: Any) -> None:
        """Tags, groups and licences of whole datasets aren't offered."""
        headings = [summary.get_text(strip=True) for summary in _page(app, "/dataset/").select(".cd-facet summary")]

        assert headings == [
            "Country",
            "Regions of the world",
            "Groups of people",
            "Sustainable Development Goals",
            "Who may get the data",
            "Language of the data",
            "Who started it",
            "Relation to official statistics",
            "Strongest assessment",
            "Organizations",
        ]

    def test_a_goal_opens_its_targets(self, app: Any) -> None:
        """The long list of targets comes into sight with a goal; a filter of an address has its pill."""
        page = _page(app, "/dataset/?vocab_sdg_goal=6")
        assert "6.1" in [choice.get_text(" ", strip=True)[:3] for choice in page.select(".cd-facet a")]

        pills = _page(app, "/dataset/?vocab_sdg_indicator=C060101").select(".cd-pills a")
        assert [pill for pill in pills if "6.1.1" in pill.get_text()]

    def test_wider_choices_count_each_record_once(self) -> None:
        """Africa counts four records, though one of them lies in two of its parts; the world is no choice."""
        answer = call("package_search", **{"facet.field": ["vocab_region"], "rows": 0})
        counts = {item["name"]: item["count"] for item in answer["search_facets"]["vocab_region"]["items"]}

        assert counts == {"002": 4, "202": 4, "014": 3, "011": 2}
