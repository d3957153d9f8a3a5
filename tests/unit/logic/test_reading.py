"""What a reader sees of a stored value."""

from __future__ import annotations

import pytest

from ckanext.citizendata.logic.reading import direction, language_name, period_text, readable_text

TEXTS = {"en": "Water", "ar": "ماء", "pt-BR": "Água"}


class TestReadableText:
    @pytest.mark.parametrize(
        ("reader", "language", "foreign"),
        [("ar", "ar", False), ("pt", "pt-BR", False), ("en_GB", "en", False), ("fr", "en", True)],
    )
    def test_prefers_the_readers_language(self, reader: str, language: str, foreign: bool) -> None:
        """Then the fallback, and it says that the text is foreign."""
        text = readable_text(TEXTS, reader, ("en",))

        assert text is not None
        assert (text.language, text.foreign) == (language, foreign)

    def test_falls_back_to_any_language(self) -> None:
        """A text that only stands in Arabic is shown, from right to left."""
        text = readable_text({"ar": "ماء", "fr": ""}, "fr", ("en",))

        assert text is not None
        assert (text.text, text.direction, text.foreign) == ("ماء", "rtl", True)

    @pytest.mark.parametrize("nothing", [None, {}, {"en": " "}, "", 7])
    def test_nothing_written_is_none(self, nothing: object) -> None:
        """There is nothing to show."""
        assert readable_text(nothing, "en") is None


class TestDirection:
    @pytest.mark.parametrize(("tag", "expected"), [("en", "ltr"), ("ar-EG", "rtl"), ("ne", "ltr"), ("x-own", "auto")])
    def test_follows_the_script(self, tag: str, expected: str) -> None:
        """An unknown language leaves it to the browser."""
        assert direction(tag) == expected


class TestLanguageName:
    @pytest.mark.parametrize(
        ("tag", "reader", "name"), [("sw", "en", "Swahili"), ("en", "fr", "Anglais"), ("x-own", "en", "x-own")]
    )
    def test_is_the_readers_word(self, tag: str, reader: str, name: str) -> None:
        """An unknown language is its tag."""
        assert language_name(tag, reader) == name


class TestPeriodText:
    @pytest.mark.parametrize(
        ("period", "text"),
        [
            ({"start": "2021", "end": "2022"}, "2021 – 2022"),
            ({"start": "2021", "end": "2021"}, "2021"),
            ({"start": "2021-03", "end": "2022-04-05"}, "March 2021 – April 5, 2022"),
            ({"start": "2021"}, "2021 –"),
            ({"end": "2022"}, "– 2022"),
            ({"start": "2021-13"}, "2021-13 –"),
            ({}, ""),
        ],
    )
    def test_reads_like_a_date(self, period: dict[str, str], text: str) -> None:
        """A year stays a year; what is no date is shown as written."""
        assert period_text(period, "en") == text
