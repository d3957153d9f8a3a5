"""What people type, in six languages, beside the record that they must find: a table written before the search was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ckan.tests.helpers import call_action as call

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


@pytest.mark.usefixtures("records")
class TestSearching:
    def test_finds_what_people_mean(self) -> None:
        """Nineteen times of twenty among the first five, more often than CKAN's own search."""
        ours, missed = success()
        stock, _ = success(defType="dismax")

        assert ours >= 0.95, missed
        assert ours > stock
