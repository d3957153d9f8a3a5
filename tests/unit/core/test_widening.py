"""From codes to all that is wider."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle
from ckanext.citizendata.core.widening import elsewhere, reached, widened

LISTS = catalogue_model.load().vocabularies


@pytest.fixture(scope="module")
def lists() -> dict[str, Vocabulary]:
    return {name: LISTS[name] for name in ("country", "region", "sdg-goal", "sdg-target", "sdg-indicator")}


def _list(name: str, other: str) -> Vocabulary:
    """A list with one entry, of which the entry of another list is wider."""
    text = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://example.org/{name}> a skos:ConceptScheme .
        <https://example.org/{name}/a> a skos:Concept ; skos:inScheme <https://example.org/{name}> ;
            skos:notation "a" ; skos:prefLabel "A"@en ; skos:broadMatch <https://example.org/{other}/a> ."""
    return vocabulary_from_turtle(name, text)


class TestWidened:
    def test_adds_all_above(self) -> None:
        """Each once, after the code itself; what isn't in the list stays."""
        groups = LISTS["population-group"]

        assert widened(groups, ["trans", "lesbian", "nobody"]) == ("trans", "lgbtiq", "lesbian", "nobody")


class TestElsewhere:
    def test_finds_the_wider_of_another_list(self) -> None:
        """Only what that list has."""
        assert elsewhere(LISTS["country"], ["KEN", "UGA", "unknown", "x"], LISTS["region"]) == ("014",)
        assert elsewhere(LISTS["country"], ["KEN"], LISTS["sdg-goal"]) == ()


class TestReached:
    def test_goes_over_several_lists(self, lists: dict[str, Vocabulary]) -> None:
        """From indicator to target to Goal, and from country to all its regions."""
        found = reached(lists, {"country": ["KEN", "GHA"], "sdg-indicator": ["C060101"]})

        assert {name: set(codes) for name, codes in found.items()} == {
            "region": {"014", "011", "202", "002", "001"},
            "sdg-target": {"6.1"},
            "sdg-goal": {"6"},
        }

    def test_ends_in_a_circle(self) -> None:
        """Two lists that call each other wider are walked once."""
        lists = {name: _list(name, other) for name, other in (("hot", "cold"), ("cold", "hot"))}

        assert reached(lists, {"hot": ["a"]}) == {"cold": ("a",), "hot": ("a",)}
