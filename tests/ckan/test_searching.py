"""What people type, in six languages, beside the record that they must find: a table written before the search was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic.finding.searching import near_of_this_page

TABLE = yaml.safe_load((Path(__file__).parents[1] / "data" / "searches.yaml").read_text(encoding="utf-8"))
FIRST = 5


@pytest.fixture
def records(dataset: Callable[..., dict[str, Any]]) -> None:
    """The records of the table."""
    for name, said in TABLE["records"].items():
        texts = {"title_translated": said["title"], "notes_translated": said["notes"]}
        dataset(name=name, **texts, **{key: value for key, value in said.items() if key not in ("title", "notes")})


def found(text: str, **more: Any) -> list[str]:
    answer = call("package_search", q=text, rows=FIRST, context={"ignore_auth": False, "user": ""}, **more)
    return [package["name"] for package in answer["results"]]


def success(**more: Any) -> tuple[float, list[str]]:
    """The part of the queries that find their record among the first five, and those that don't."""
    queries = TABLE["queries"]
    missed = [query["type"] for query in queries if query["find"] not in found(query["type"], **more)]
    return 1 - len(missed) / len(queries), missed


@pytest.mark.usefixtures("with_request_context")
class TestNear:
    def test_is_of_the_last_search(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """One that finds all words takes back what the one before it told."""
        dataset(title_translated={"en": "Mangroves"})
        assert found("mangorves")
        near = near_of_this_page()
        assert near
        assert near.meant == "mangroves"
        assert found("mangroves")
        assert near_of_this_page() is None


@pytest.mark.usefixtures("records")
class TestSearching:
    def test_finds_what_people_mean(self) -> None:
        """Nineteen times of twenty among the first five, more often than CKAN's own search."""
        ours, missed = success()
        stock, _ = success(defType="dismax")

        assert ours >= 0.95, missed
        assert ours > stock


class TestLongText:
    @pytest.mark.parametrize("text", ["wells," * 1500, "独居老人上海女性残疾" * 200, '"' + "wells " * 2000 + '" wells'])
    def test_is_answered(self, dataset: Callable[..., dict[str, Any]], text: str) -> None:
        """Solr refuses a query of more than a thousand clauses; what is beyond thirty words is left out."""
        said = {"en": f"Wells {'wells ' * 30}", "zh": "独居老人上海女性残疾"}
        dataset(name="wells", title_translated=said)

        assert found(text) == ["wells"]

    def test_slips_of_many_words_are_found(self, dataset: Callable[..., dict[str, Any]]) -> None:
        """Also where the records have very many words that come near."""
        words = ["brendovik", "calimposk", "dravontel", "fomdurski", "gelpontav", "hurmovend"]
        near = " ".join(f"{word[:4]}{letter}{word[5:]}" for word in words for letter in "abcdefghijklmnopqrstuvwxyz")
        dataset(name="near", title_translated={"en": "Near"}, notes_translated={"en": near})

        assert found(" ".join(f"{word[:2]}y{word[3:]}" for word in words)) == ["near"]
