"""Rules for answers out of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import Wording, check_value
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.schema import Field

Check = Callable[[str, Any], list[tuple[str, str]]]


def place(model: Model) -> Field:
    return next(field for field in model.schema.fields if field.name == "place")


class TestCodes:
    @pytest.mark.parametrize(
        ("codes", "expected"),
        [
            (["KEN", "UGA"], []),
            ("KEN", []),
            (["KEN", ""], []),
            (["unknown"], []),
            (["KENYA"], [("place[0]", "unknown_code")]),
            (["KEN", 5], [("place[1]", "unknown_code")]),
            (["KEN", {}], []),
            (["KEN", ["UGA"]], [("place[1]", "unknown_code")]),
            (["KEN", "KEN"], [("place[1]", "twice")]),
            (["unknown", "unknown"], [("place[1]", "twice")]),
            (["KEN", "unknown"], [("place", "alone")]),
            (["OLD"], [("place[0]", "replaced_code")]),
        ],
    )
    def test_of_the_list(self, value: Check, codes: Any, expected: list[tuple[str, str]]) -> None:
        """Every code is one of the list; the one that says "unknown" has no company."""
        assert value("place", codes) == expected

    @pytest.mark.parametrize(
        ("code", "language", "advice"),
        [
            ("Kenya", "en", "Did you mean Kenya (KEN), Old Kenya (OLD)?"),
            ("Kenia", "es", "Did you mean Kenia (KEN)?"),
            ("UGX", "en", "Did you mean Uganda (UGA)?"),
            ("zzzzzz", "en", "Choose an answer of the list."),
        ],
    )
    def test_nearest(self, model: Model, code: str, language: str, advice: str) -> None:
        """What was perhaps meant is named in the reader's words, with its code."""
        problem = check_value(model, place(model), [code], Wording(language, lambda sentence: sentence))[0]
        assert (problem.message, problem.advice) == (f"Place: “{code}” can't be taken.", advice)

    def test_suggestions_end(self, model: Model) -> None:
        """Of very many wrong codes only the first are looked up."""
        problems = check_value(model, place(model), [f"KEN{number}" for number in range(12)])
        assert [problem.advice.startswith("Did you mean Kenya (KEN)") for problem in problems] == [True] * 10 + [
            False
        ] * 2

    def test_replaced(self, model: Model) -> None:
        """An old code still works, and the new one is named."""
        assert check_value(model, place(model), ["OLD"]) == (
            Problem(
                "place[0]",
                "replaced_code",
                "Place: “OLD” is an old answer and still works; the new one is Kenya (KEN).",
                "warning",
            ),
        )

    def test_alone(self, model: Model) -> None:
        """What stands alone is named as the reader reads it."""
        assert "“Not known (unknown)”" in check_value(model, place(model), ["unknown", "KEN"])[0].message


class TestCode:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("KEN", []),
            (["KEN"], []),
            (["KEN", "UGA"], [("home", "too_many")]),
            ("ken", [("home", "unknown_code")]),
            (5, [("home", "unknown_code")]),
            ("OLD", [("home", "replaced_code")]),
        ],
    )
    def test_one(self, value: Check, code: Any, expected: list[tuple[str, str]]) -> None:
        """One code, as written in the list."""
        assert value("home", code) == expected
