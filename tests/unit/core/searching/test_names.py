"""Codes by what people call them."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.searching import names
from ckanext.citizendata.core.searching.words import folded_words, telling

NAMES = names(catalogue_model.load())
CALLED = {
    "persons with disabilities": "population-group/persons_with_disabilities",
    "disabled people": "population-group/persons_with_disabilities",
    "personas discapacidad": "population-group/persons_with_disabilities",
    "лицо инвалидность": "population-group/persons_with_disabilities",
    "gbv": "population-group/survivors_of_violence",
    "kenya": "country/KEN",
    "ken": "country/KEN",
    "cote ivoire": "country/CIV",
    "5.2": "sdg-target/5.2",
    "5": None,
    "household": None,
    "point": None,
    "SDG 5": "sdg-goal/5",
    "objectif 6.1": "sdg-target/6.1",
    "ЦУР 6.1.1": "sdg-indicator/C060101",
    "old people": "population-group/older_persons",
    "PWDs": "population-group/persons_with_disabilities",
    "инвалиды": "population-group/persons_with_disabilities",
    "FGM": "sdg-goal/5",
    "latrine": "sdg-goal/6",
    "pot de vin": "sdg-goal/16",
    "Kenyan": "country/KEN",
    "peruanas": "country/PER",
    "Southeast Asia": "region/035",
    "Moyen-Orient": "region/145",
    "اللاجئون": "population-group/refugees",
    "wavuvi wakulima": None,
    "atlantis": None,
    "unknown": None,
    "world": None,
}


class TestNames:
    @pytest.mark.parametrize("text", CALLED)
    def test_finds_codes_by_whole_names(self, text: str) -> None:
        """In any language, form and order of capitals.

        No answer, the whole world and a number alone are no names, nor are names of choices that nobody names so.
        """
        found = NAMES.called(telling(folded_words(text)))
        assert (CALLED[text] in found) if CALLED[text] else not found

    def test_finds_codes_by_a_part(self) -> None:
        """But not by a word that very many names have, or of a sentence."""
        assert "population-group/lesbian" in NAMES.having("women")
        assert NAMES.having("language") == frozenset()

    def test_a_word_of_a_phrase_finds_no_goal(self) -> None:
        """Its title as a whole does, and any word of its other names; not one that a hyphen joins to another."""
        assert "sdg-goal/4" in NAMES.called(["quality", "education"])
        assert "sdg-goal/4" not in NAMES.having("quality")
        assert "sdg-goal/3" in NAMES.called(["well", "being"])
        assert NAMES.having("wells") == {"sdg-goal/6"}
        assert "sdg-goal/3" in NAMES.having("maternal")

    def test_cuts_chinese_at_names(self) -> None:
        """The rest is words."""
        assert NAMES.within("肯尼亚的妇女") == (
            ("肯尼亚", frozenset({"country/KEN"})),
            ("的", frozenset()),
            ("妇女", frozenset({"population-group/women"})),
        )
        assert NAMES.within("石头") == (("石头", frozenset()),)

    def test_tells_no_word_that_hurts(self) -> None:
        """Whoever types one finds what is meant, and nobody is asked whether she meant one."""
        assert NAMES.called(["untouchables"]) == {"population-group/caste_descent_based"}
        assert NAMES.near("untouchabels") == ()
        assert NAMES.near("discapacidads") == ("discapacidad",)

    def test_finds_words_in_spite_of_a_slip(self) -> None:
        """Short words and numbers have none."""
        assert "disabilities" in NAMES.near("disabilites")
        assert NAMES.near("hib") == ()
        assert NAMES.near("2019") == ()
