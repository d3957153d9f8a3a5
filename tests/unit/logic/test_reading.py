"""What a reader sees of a stored value."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ckanext.citizendata.logic.reading import (
    address_text,
    direction,
    language_name,
    moment_text,
    money_text,
    number_text,
    period_text,
    point_text,
    readable_text,
    readable_words,
)

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
        ("tag", "reader", "name"), [("sw", "en", "Swahili"), ("en", "fr", "anglais"), ("x-own", "en", "x-own")]
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

    def test_has_words_for_an_open_end(self) -> None:
        """Those of the page."""
        assert period_text({"start": "2021-03"}, "en", "Since {date}", "Until {date}") == "Since March 2021"


class TestReadableWords:
    @pytest.mark.parametrize(
        ("reader", "words"), [("fr-CA", ["eau"]), ("ar", ["queue", "water"]), ("en", ["queue", "water"])]
    )
    def test_keywords_of_one_language(self, reader: str, words: list[str]) -> None:
        """The reader's, else the site's; each knows its language."""
        found = readable_words({"en": ["queue", "water"], "fr": ["eau"]}, reader, ("en",))

        assert [text.text for text in found] == words
        assert {text.foreign for text in found} == {reader == "ar"}

    @pytest.mark.parametrize("value", [None, {}, {"en": []}, "water"])
    def test_none(self, value: object) -> None:
        """Nothing to show is an empty list."""
        assert readable_words(value, "en") == []


class TestNumberText:
    @pytest.mark.parametrize(
        ("value", "name", "reader", "text"),
        [
            (2120, "number_of_records", "en", "2,120"),
            (12.5, "response_rate", "en", "12.5%"),
            (92.6, "response_rate", "fr", "92,6\xa0%"),
            (1, "min_typical_age", "en", "1 year"),
            (30, "spatial_resolution_in_meters", "es", "30 metros"),
            ("many", "sample_size", "en", "many"),
        ],
    )
    def test_says_what_it_counts(self, value: object, name: str, reader: str, text: str) -> None:
        """The unit is a word of the reader's language."""
        assert number_text(value, name, reader) == text


class TestAddressText:
    @pytest.mark.parametrize(
        ("address", "text"),
        [
            ("https://www.example.org/data/", "example.org/data"),
            ("https://example.org/" + "a" * 60 + "/end", "example.org/" + "a" * 18 + "…" + "a" * 26 + "/end"),
            ("urn:x", "urn:x"),
        ],
    )
    def test_is_said_as_people_do(self, address: str, text: str) -> None:
        """Without what only machines need."""
        assert address_text(address) == text


class TestPointText:
    @pytest.mark.parametrize(
        ("geometry", "text"),
        [
            ('{"type": "Point", "coordinates": [36.78, -1.31]}', "-1.31, 36.78"),
            ('{"type": "Polygon", "coordinates": []}', ""),
            ('{"type": "Point"}', ""),
            ("[]", ""),
            ("no JSON", ""),
        ],
    )
    def test_latitude_first(self, geometry: str, text: str) -> None:
        """Only a point can be told in two numbers."""
        assert point_text(geometry, "en") == text


class TestMoneyText:
    def test_amount_and_currency(self) -> None:
        """Any letters may stand for the currency."""
        assert money_text(400000, "EUR", "en") == "400,000 EUR"


class TestMomentText:
    def test_is_in_the_words_and_the_zone_of_the_reader(self) -> None:
        """To the minute, with the name of the zone: who reads may be anywhere."""
        moment, zone = datetime(2026, 3, 2, 8, 5, 9, tzinfo=timezone.utc), timezone(timedelta(hours=3), "EAT")
        assert moment_text(moment, "fr", zone) == "2 mars 2026, 11:05 EAT"
        assert moment_text(moment, "xx", zone).startswith("Mar 2, 2026, 11:05")
