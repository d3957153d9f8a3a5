"""What was typed, taken apart."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.searching import signs, typed
from ckanext.citizendata.core.searching.typed import LONGEST, Kind, Term
from ckanext.citizendata.core.searching.words import telling, words

APART = {
    "Women's data, SDG 5.2.1!": ("women", "s", "data", "sdg", "5.2.1"),
    "Côte d’Ivoire": ("côte", "d", "ivoire"),
    "HIV/AIDS 2019-2021": ("hiv", "aids", "2019", "2021"),
    "नेपालका बालबालिका": ("नेपालका", "बालबालिका"),
    "مياه، صرف": ("مياه", "صرف"),
    "独居老人，上海": ("独居老人", "上海"),
    "... ?": (),
}
FOR_PEOPLE = {
    "water points": [Term(Kind.WORDS, ("water",)), Term(Kind.WORDS, ("points",))],
    'taps "per household" -rural': [
        Term(Kind.WORDS, ("taps",)),
        Term(Kind.PHRASE, ("per", "household")),
        Term(Kind.WITHOUT, ("rural",)),
    ],
    "Kenya: water?": [Term(Kind.WORDS, ("kenya",)), Term(Kind.WORDS, ("water",))],
    "SDG5:water": [Term(Kind.WORDS, ("sdg",)), Term(Kind.WORDS, ("5", "water"))],
    "12:30": [Term(Kind.WORDS, ("12", "30"))],
    "age -5": [Term(Kind.WORDS, ("age",)), Term(Kind.WORDS, ("5",))],
    'half a "quote': [Term(Kind.WORDS, (each,)) for each in ("half", "a", "quote")],
    "(water OR taps)": [Term(Kind.WORDS, (each,)) for each in ("water", "or", "taps")],
}


class TestTyped:
    @pytest.mark.parametrize("text", APART)
    def test_words_are_letters_marks_and_numbers(self, text: str) -> None:
        """In any script."""
        assert words(text) == APART[text]

    @pytest.mark.parametrize("text", FOR_PEOPLE)
    def test_people_write_words(self, text: str) -> None:
        """Also with signs that mean something to Solr."""
        assert [*(typed(text) or ())] == FOR_PEOPLE[text]

    @pytest.mark.parametrize(
        "text", ["title:water", "*:*", "{!lucene}water", "+vocab_country:(KEN)", "name:a*", "-(extras_Kind:x)"]
    )
    def test_programs_write_for_solr(self, text: str) -> None:
        """What names a field goes on as it came."""
        assert typed(text) is None

    @pytest.mark.parametrize("text", ["", "  ", "?!", '""'])
    def test_nothing_is_looked_for(self, text: str) -> None:
        """Where there is no word."""
        assert typed(text) is None

    def test_signs_stand_for_themselves(self) -> None:
        """Whatever they mean to Solr; two quotes find everything, as in CKAN."""
        assert [signs(text) for text in ('" -', "&&", "🌊")] == ['\\" \\-', "\\&\\&", "\\🌊"]
        assert [signs(text) for text in ('""', " ", "*:*", "water")] == [None] * 4

    def test_an_address_is_words(self) -> None:
        """It must not be an error."""
        assert typed("https://data.example.org/dataset/1")

    def test_a_long_text_is_cut(self) -> None:
        """A page that somebody pastes asks for its first words."""
        assert len(typed("word " * 9999) or ()) == LONGEST
        for text in ("a,b;" * 9999, '"' + "word " * 9999 + '"'):
            assert sum(len(term.words) for term in typed(text) or ()) == LONGEST

    @pytest.mark.parametrize("text", ["word," * 9999, '"' + "word " * 99 + '"', "独居" * 9999 + " word"])
    def test_a_long_piece_is_cut(self, text: str) -> None:
        """Also without blanks, and between quotes."""
        (term,) = typed(text) or ()
        assert LONGEST in (len(term.words), len(term.words[0]))

    def test_small_words_say_nothing(self) -> None:
        """Unless there are no others."""
        assert telling(["data", "about", "the", "women"]) == ("women",)
        assert telling(["the", "data"]) == ("the", "data")
        assert telling(["old", "people", "sdg", "5"]) == ("old", "sdg", "5")
        assert telling(["sdg", "water"]) == ("water",)
