"""Rules for what people write in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import check_value
from ckanext.citizendata.core.mapping import Model

Check = Callable[[str, Any], list[tuple[str, str]]]


class TestText:
    @pytest.mark.parametrize(
        ("texts", "expected"),
        [
            ({"en": "Water", "pt-BR": "Água", "zh-Hant": "水", "und": "Maji"}, []),
            ({"en": "x" * 20}, []),
            ({"en": "x" * 21}, [("title.en", "too_long")]),
            ({"en": "Water", "EN": "Wells"}, [("title.EN", "twice")]),
            ({"en": "Water", "EN": " "}, []),
            ({"en": "Water", "EN": "\u200f \u202e"}, []),
            ({"en_GB": "Water"}, [("title.en_GB", "no_language")]),
            ({5: "Water"}, [("title.5", "no_language")]),
            ({"en": 5}, [("title.en", "no_text")]),
            ({"en": "a\x01"}, [("title.en", "strange_character")]),
            ({"en": "a\x01" * 11}, [("title.en", "strange_character"), ("title.en", "too_long")]),
            ("Water", [("title", "no_text")]),
            (["Water"], [("title", "no_text")]),
            ({}, []),
            ("", []),
        ],
    )
    def test_each_language(self, value: Check, texts: Any, expected: list[tuple[str, str]]) -> None:
        """Each text stands alone under a good tag, once; what is wrong with one never hides another."""
        assert value("title", texts) == expected

    def test_words(self, model: Model) -> None:
        """The message names field and value, the advice what would be right."""
        problem = check_value(model, model.schema.fields[0], {"en": "Water and all that is wet"})[0]
        assert problem.message == "Title: “Water and all that is wet” can't be taken."
        assert problem.advice == "Write at most 20 characters."
        assert problem.severity == "error"

    def test_long_value_is_shown_shortened(self, model: Model) -> None:
        """Of a long value the message shows 80 characters."""
        message = check_value(model, model.schema.fields[0], {"en": "x" * 500})[0].message
        assert message == f"Title: “{'x' * 79}…” can't be taken."

    def test_invisible_character_is_named(self, model: Model) -> None:
        """What can't be seen is named by its number."""
        assert "“U+0001”" in check_value(model, model.schema.fields[0], {"en": "a\x01"})[0].message

    def test_braces_in_advice(self, model: Model) -> None:
        """The advice for a bare text shows the shape that is needed."""
        advice = check_value(model, model.schema.fields[0], "Water")[0].advice
        assert advice == 'Write one text for each language, as in {"en": "…", "fr": "…"}.'


class TestMarkup:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<b>bold</b>",
            'see <a href="https://example.org">this</a>',
            "line<br/>break",
            "<IMG SRC=x onerror=alert(1)",
            "</p>",
            "<!-- hidden -->",
            "<svg/onload=alert(1)>",
            "ends in <script",
        ],
    )
    def test_refused(self, value: Check, text: str) -> None:
        """Tags of HTML are refused, closed or not."""
        assert value("note", text) == [("note", "markup")]

    @pytest.mark.parametrize(
        "text",
        [
            "a < b and c > d",
            "if a <b then c",
            "<https://example.org> and <desk@example.org>",
            "**bold**, [link](https://example.org), `code`",
            "fewer than <5 people, x<y>z",
            "fill in <name> here",
            "<3",
        ],
    )
    def test_fine(self, value: Check, text: str) -> None:
        """Markdown, addresses in brackets and plain comparisons are no HTML."""
        assert value("note", text) == []


class TestKeywords:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ({"en": ["water", "queue"], "fr": ["eau"]}, []),
            ({"en": ["water", "", "water"]}, [("keyword.en[2]", "twice")]),
            ({"en": ["water and queue"]}, [("keyword.en[0]", "too_long")]),
            ({"en": "water"}, [("keyword.en", "not_understood")]),
            ({"en": ["water", 5]}, [("keyword.en[1]", "no_text")]),
            ({"english words": ["water"]}, [("keyword.english words", "no_language")]),
            (["water"], [("keyword", "no_text")]),
        ],
    )
    def test_each_word(self, value: Check, words: Any, expected: list[tuple[str, str]]) -> None:
        """Words stand in lists by language; one that is there twice is only told."""
        assert value("keyword", words) == expected


class TestLine:
    @pytest.mark.parametrize(
        ("name", "text", "expected"),
        [
            ("note", "Office", []),
            ("note", ["Office"], [("note", "no_text")]),
            ("code", "EUR", []),
            ("code", "EUROS", [("code", "pattern")]),
            ("code", "EUR\n", [("code", "pattern")]),
            ("names", ["A", "B"], []),
            ("names", "A", [("names", "not_understood")]),
            (
                "names",
                ["A", {"b": 1}, {"b": 1}],
                [("names[1]", "no_text"), ("names[2]", "no_text"), ("names[2]", "twice")],
            ),
        ],
    )
    def test_lines(self, value: Check, name: str, text: Any, expected: list[tuple[str, str]]) -> None:
        """A line is a text that matches its pattern from end to end."""
        assert value(name, text) == expected

    def test_advice_for_a_pattern(self, model: Model) -> None:
        """The field's own help says what is right; where it has none, the pattern does."""
        fields = {field.name: field for field in model.schema.fields}
        assert check_value(model, fields["pages"], ["https://example.com/"])[0].advice == "A page of example.org."
        assert check_value(model, fields["code"], "x")[0].advice == "Write it in this form: [A-Z]{3}"
