"""Rules that look at a field beside others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import ENGLISH, Wording, check_draft, check_package, check_value
from ckanext.citizendata.core.conformance.across import refuse_label
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem

CheckPackage = Callable[..., list[tuple[str, str]]]


class TestMissing:
    @pytest.mark.parametrize("absent", [None, "", " ", "\u200f\u202e", [], {"en": ""}, [{"name": ""}]])
    def test_obligation(self, model: Model, absent: Any) -> None:
        """A quick or safety question needs an answer; a mandatory one that has none is only told."""
        problems = check_package(model, {"quick": absent, "safety": absent, "mandatory": absent})
        assert [(problem.path, problem.code, problem.severity) for problem in problems] == [
            ("quick", "missing", "error"),
            ("safety", "missing", "error"),
            ("mandatory", "missing", "warning"),
        ]
        assert problems[0].message == "Quick: an answer is needed."

    def test_draft(self, model: Model) -> None:
        """A draft may lack every answer, but what it holds is checked."""
        draft = {"contact": [{"name": "Desk"}], "home": "UGA", "day": "2023-13"}
        assert [(problem.path, problem.code) for problem in check_draft(model, draft)] == [("day", "no_date")]

    def test_nothing_wrong(self, package: CheckPackage) -> None:
        """A package with its answers has no problem."""
        assert package() == []


class TestExpected:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"home": "UGA"}, [("reason", "expected")]),
            ({"home": ["UGA"]}, [("reason", "expected")]),
            ({"home": "UGA", "reason": "Since"}, []),
            ({"home": "KEN"}, []),
            ({"contact": [{"name": "A", "mail": "a@b.c", "home": "UGA"}]}, [("reason", "expected")]),
            ({"contact": [{"name": "A", "mail": "a@b.c", "home": "KEN"}]}, []),
        ],
    )
    def test_because_of_another_answer(
        self, package: CheckPackage, fields: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        """An answer that another one asks for is missed, but its absence refuses nothing."""
        assert package(**fields) == expected

    def test_words(self, model: Model) -> None:
        """The message names the other field, where there is such a field."""
        told = next(each for each in check_package(model, {"home": "UGA"}) if each.code == "expected")
        assert (told.severity, "“Home”" in told.message) == ("warning", True)
        elsewhere = next(each for each in check_package(model, {"elsewhere": "x"}) if each.code == "expected")
        assert "“elsewhere”" in elsewhere.message


class TestNotBelow:
    @pytest.mark.parametrize(
        ("youngest", "oldest", "expected"),
        [(10, 20, []), (10, 10, []), (20, 10, [("oldest", "too_small")]), (None, 10, []), (20, None, [])],
    )
    def test_other_number(
        self, package: CheckPackage, youngest: Any, oldest: Any, expected: list[tuple[str, str]]
    ) -> None:
        """The oldest isn't younger than the youngest."""
        assert package(youngest=youngest, oldest=oldest) == expected


class TestNotYours:
    def test_derived(self, model: Model, package: CheckPackage) -> None:
        """What follows from other things isn't written; that is told and refuses nothing."""
        assert package(total=5) == [("total", "not_yours")]
        assert check_package(model, {"total": 5})[-1].severity == "warning"

    def test_label_of_a_community(self, model: Model) -> None:
        """Of a label that only a community gives, the reason is told; who knows that it is new refuses it."""
        problem = check_package(model, {"label": [{"tk": "tk"}]})[-1]
        assert (problem.path, problem.code, problem.severity) == ("label", "not_yours", "warning")
        assert "Local Contexts" in problem.message
        report = Report(ENGLISH)
        refuse_label(model.schema.fields[-1], [{"tk": "tk"}], report)
        assert report.problems == [
            Problem(
                "label",
                "not_yours",
                "Label: “tk” can't be taken.",
                "error",
                "Only the community itself gives this label, through Local Contexts.",
            )
        ]


class TestUnknownField:
    def test_near_names(self, model: Model) -> None:
        """A field that there isn't is told, with names like it; what CKAN keeps is none."""
        problems = check_package(model, {"id": "1", "state": "draft", "titel": {}, "qqq": 1})
        told = [problem for problem in problems if problem.code == "unknown_field"]
        assert [(each.path, each.severity, each.advice) for each in told] == [
            ("titel", "warning", "Did you mean title, total?"),
            ("qqq", "warning", ""),
        ]


class TestWording:
    def test_language_of_the_reader(self, model: Model) -> None:
        """Labels and sentences are the reader's."""
        spanish = {"{field}: “{value}” can't be taken. {advice}": "{field}: «{value}» no es válido. {advice}"}
        wording = Wording("es-MX", lambda sentence: spanish.get(sentence, sentence))
        problem = check_value(model, model.schema.fields[0], {"en": "x" * 21}, wording)[0]
        assert problem.message == f"Título: «{'x' * 21}» no es válido."

    def test_field_without_label(self, model: Model) -> None:
        """A field without a label goes by its name."""
        unnamed = replace(model.schema.fields[1], label={})
        assert check_value(model, unnamed, 5)[0].message == "note: “5” can't be taken."
