"""Citations, each value by the rules of its form; what comes from a feed may hold anything."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from ckanext.citizendata.core.citing import FORMS, Citation, Words, bibtex, csl_json, ris, sentence

WORDS = Words(dataset="Dataset", no_date="no date", version="version {version}")
WATER = Citation(
    key="water-points",
    title="Water points in Kibera",
    authors=("Water Watch", "Mtaa Committee"),
    publisher="Map House",
    date="2024-03",
    version="2.1",
    credit="Made with the people of Kibera.",
    address="https://ke.example.org/dataset/1",
    language="en",
    catalogue="Kenya's catalogue",
)
BARE = Citation(key="bare", title="Bare")


class TestSentence:
    def test_names_all_that_is_known(self) -> None:
        """The community beside who made the data, and its credit before the address."""
        assert " ".join(sentence(WATER, WORDS)) == (
            "Water Watch; Mtaa Committee (2024). Water points in Kibera (version 2.1) [Dataset]. Map House."
            " Made with the people of Kibera. https://ke.example.org/dataset/1"
        )

    def test_begins_with_the_title_where_nobody_is_named(self) -> None:
        """And says that no date is known."""
        assert sentence(BARE, WORDS) == ("Bare [Dataset] (no date).",)

    @pytest.mark.parametrize(
        ("parts", "told"),
        [
            ({"publisher": "Water Watch"}, "Water Watch; Mtaa Committee (2024). Water points in Kibera [Dataset]."),
            ({"publisher": " "}, "Water Watch; Mtaa Committee (2024). Water points in Kibera [Dataset]."),
            (
                {"publisher": "", "credit": "من أهل كيبيرا؟"},
                "Water Watch; Mtaa Committee (2024). Water points in Kibera [Dataset]. من أهل كيبيرا؟",
            ),
        ],
        ids=["who made it published it", "blanks", "another full stop"],
    )
    def test_says_nothing_twice(self, parts: dict[str, str], told: str) -> None:
        """No name a second time, and no full stop behind another."""
        about = replace(WATER, **{"version": "", "credit": "", "address": "", **parts})  # type: ignore[arg-type]
        assert " ".join(sentence(about, WORDS)) == told


class TestRis:
    def test_has_a_line_for_each_value(self) -> None:
        """From the type to the end of the record, with the ends of lines that the form asks for."""
        assert ris(WATER).split("\r\n") == [
            "TY  - DATA",
            "AU  - Water Watch",
            "AU  - Mtaa Committee",
            "TI  - Water points in Kibera",
            "PY  - 2024",
            "DA  - 2024/03//",
            "PB  - Map House",
            "ET  - 2.1",
            "N1  - Made with the people of Kibera.",
            "LA  - en",
            "DP  - Kenya's catalogue",
            "UR  - https://ke.example.org/dataset/1",
            "ER  - ",
            "",
        ]

    def test_leaves_out_what_is_not_known(self) -> None:
        """No tag without a value."""
        assert ris(BARE) == "TY  - DATA\r\nTI  - Bare\r\nER  - \r\n"

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029", "\x1e"])
    def test_no_value_begins_a_line(self, end: str) -> None:
        """Whatever ends a line in a title, it can't add a record or an author."""
        told = ris(replace(BARE, title=f"Bare{end}ER  - {end}TY  - BOOK\x00"))
        assert told == "TY  - DATA\r\nTI  - Bare ER - TY - BOOK\r\nER  - \r\n"

    def test_no_asterisk_in_a_name(self) -> None:
        """RIS allows none there."""
        assert "AU  - Water Watch\r\n" in ris(replace(BARE, authors=("Water*Watch",)))


class TestBibtex:
    def test_has_all_that_is_known(self) -> None:
        """Names of organisations are kept whole, capitals of the title as they are."""
        assert bibtex(WATER) == (
            "@misc{water-points,\n"
            "  author = {{Water Watch} and {Mtaa Committee}},\n"
            "  title = {{Water points in Kibera}},\n"
            "  year = {2024},\n"
            "  publisher = {Map House},\n"
            "  version = {2.1},\n"
            "  howpublished = {Dataset},\n"
            "  note = {Made with the people of Kibera.},\n"
            "  language = {en},\n"
            "  url = {https://ke.example.org/dataset/1},\n"
            "  month = mar\n"
            "}\n"
        )

    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            ("A & B", r"A \& B"),
            ("50 % of #1_$", r"50 \% of \#1\_\$"),
            ("}", r"\textbraceright{}"),
            ("{", r"\textbraceleft{}"),
            (r"\input{x}", r"\textbackslash{}input\textbraceleft{}x\textbraceright{}"),
            ("~^", r"\textasciitilde{}\textasciicircum{}"),
            ("مياه", "مياه"),
            ("a\nb", "a b"),
        ],
    )
    def test_a_text_stays_text(self, typed: str, written: str) -> None:
        """No character of it is taken for a command, and none ends the entry."""
        told = bibtex(replace(BARE, title=typed))
        assert f"  title = {{{{{written}}}}},\n" in told
        assert told.count("{") == told.count("}")

    def test_a_name_with_and_is_one_name(self) -> None:
        """BibTeX parts names at the word, but not within braces."""
        assert "author = {{Salt and Light} and {Mtaa}}" in bibtex(replace(BARE, authors=("Salt and Light", "Mtaa")))

    def test_an_address_can_end_no_value(self) -> None:
        """It stays an address: what would end the value is written as addresses write it."""
        told = bibtex(replace(BARE, address="https://x.example/a_b?c={}&d=%20"))
        assert "url = {https://x.example/a_b?c=%7B%7D&d=%20}" in told

    @pytest.mark.parametrize("date", ["2024-13", "2024-00", "soon"])
    def test_a_month_that_is_none(self, date: str) -> None:
        """Is left out."""
        assert "month" not in bibtex(replace(BARE, date=date))

    def test_a_key_is_one_word(self) -> None:
        """Of letters that every program reads."""
        assert bibtex(replace(BARE, key="a,b}{c")).startswith("@misc{abc,")
        assert bibtex(replace(BARE, key="é")).startswith("@misc{dataset,")


class TestCslJson:
    def test_has_all_that_is_known(self) -> None:
        """Names aren't taken apart."""
        assert json.loads(csl_json(WATER)) == [
            {
                "id": "water-points",
                "type": "dataset",
                "title": "Water points in Kibera",
                "author": [{"literal": "Water Watch"}, {"literal": "Mtaa Committee"}],
                "issued": {"date-parts": [[2024, 3]]},
                "publisher": "Map House",
                "version": "2.1",
                "note": "Made with the people of Kibera.",
                "language": "en",
                "source": "Kenya's catalogue",
                "URL": "https://ke.example.org/dataset/1",
            }
        ]

    def test_leaves_out_what_is_not_known(self) -> None:
        """A program takes an empty date for one."""
        assert json.loads(csl_json(BARE)) == [{"id": "bare", "type": "dataset", "title": "Bare"}]

    def test_a_text_stays_text(self) -> None:
        """Quotes, line ends and letters of any script."""
        assert json.loads(csl_json(replace(BARE, title='a"\\ \n مياه')))[0]["title"] == 'a"\\ مياه'


class TestForms:
    def test_each_has_a_media_type(self) -> None:
        """By which a browser hands the file to the right program."""
        assert {
            suffix: bool(re.fullmatch(r"[\w.+-]+/[\w.+-]+", form.media_type)) for suffix, form in FORMS.items()
        } == {
            "ris": True,
            "bib": True,
            "json": True,
        }
        assert [form.write(BARE)[:1] for form in FORMS.values()] == ["T", "@", "["]
