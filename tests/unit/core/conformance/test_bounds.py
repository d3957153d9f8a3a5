"""However much or deep, a check ends soon and says something."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import check_package, package_in_shape, readable_part, value_in_shape
from ckanext.citizendata.core.conformance.bounds import MOST_PROBLEMS, MOST_VALUES
from ckanext.citizendata.core.depth import NESTED, shallow
from ckanext.citizendata.core.mapping import Model

FIELDS = ("title", "note", "keyword", "place", "home", "day", "pages", "area", "youngest", "contact", "resources")


def nested(depth: int, key: str = "") -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {key: value} if key else [value]
    return value


class TestDepth:
    @pytest.mark.parametrize("key", ["", "a"])
    @pytest.mark.parametrize("depth", [70, 900, 5000])
    @pytest.mark.parametrize("name", FIELDS)
    def test_is_refused(self, model: Model, name: str, depth: int, key: str) -> None:
        """As handed in and as shaped, whole or in a list; nothing raises."""
        for written in (nested(depth, key), [nested(depth, key)], [{"name": nested(depth, key), "x": [{}]}]):
            for package in ({name: written}, package_in_shape(model, {name: written})):
                found = [each for each in check_package(model, package) if each.path.startswith(name)]
                assert "error" in {each.severity for each in found}

    @pytest.mark.parametrize("name", FIELDS[:-1])
    def test_of_texts(self, model: Model, name: str) -> None:
        """JSON in a text stays a text."""
        field = next(each for each in model.schema.fields if each.name == name)
        text = "[" * 900 + "]" * 900
        assert value_in_shape(model, field, text) in (text, [text])
        assert readable_part(model, field, nested(900)) in (None, [])

    def test_of_others(self, model: Model) -> None:
        """What isn't a field is no deeper either, and what is shallow stays the same."""
        assert package_in_shape(model, {"other": nested(900)})["other"] is NESTED
        assert shallow(nested(50)) == nested(50)


class TestNumber:
    @pytest.mark.parametrize("name", ["place", "pages", "names", "contact"])
    def test_of_values(self, model: Model, name: str) -> None:
        """More than anybody means is refused as a whole."""
        found = check_package(model, {name: ["x"] * (MOST_VALUES + 1)})
        assert [each.code for each in found if each.path == name] == ["too_many"]

    def test_of_words(self, model: Model) -> None:
        """In all languages together."""
        words = [f"w{number}" for number in range(MOST_VALUES // 2 + 1)]
        codes = [each.code for each in check_package(model, {"keyword": {"en": words, "fr": words}})]
        assert "too_many" in codes

    @pytest.mark.parametrize("name", ["pages", "contact", "resources"])
    def test_of_problems(self, model: Model, name: str) -> None:
        """Nobody reads more of one field."""
        found = check_package(model, {name: [f"x{number}" for number in range(MOST_VALUES)]})
        assert len([each for each in found if each.path.startswith(name)]) == MOST_PROBLEMS

    def test_of_unknown_fields(self, model: Model) -> None:
        """Nor of what isn't a field."""
        found = check_package(model, {f"x{number}": 1 for number in range(5000)})
        assert len([each for each in found if each.code == "unknown_field"]) == MOST_PROBLEMS

    def test_of_a_harvest(self, model: Model) -> None:
        """The first are shown."""
        field = next(each for each in model.schema.fields if each.name == "names")
        assert len(readable_part(model, field, [f"x{number}" for number in range(2000)])) == MOST_VALUES

    @pytest.mark.parametrize("kind", [str, lambda number: [number]])
    def test_once_takes_no_square(self, model: Model, kind: Any) -> None:
        """A hundred thousand values, each other than the next, are shaped in a moment; a text isn't its number."""
        field = next(each for each in model.schema.fields if each.name == "names")
        began = time.process_time()
        assert len(value_in_shape(model, field, [kind(number) for number in range(100_000)])) == 100_000
        assert time.process_time() - began < 5
        assert value_in_shape(model, field, ["5", 5, [5], [5]]) == ["5", 5, [5]]


def test_half_characters_are_named(model: Model) -> None:
    """In paths and messages alike, so that they can be printed."""
    half = "\ud800"
    found = check_package(model, {"title": {"en": half, half: "x"}, half: 1, "place": [half], "contact": [{half: 1}]})
    text = repr([(each.path, each.message, each.advice) for each in found])
    assert "U+D800" in text
    assert "\\ud800" not in text
