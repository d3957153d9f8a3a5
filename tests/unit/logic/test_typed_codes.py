"""Codes asked for as words."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.logic.forms.typed_codes import codes_from_words, is_typed

COUNTRIES = catalogue_model.load().vocabularies["country"]


class TestCodesFromWords:
    @pytest.mark.parametrize(
        ("word", "code"),
        [
            ("KEN", "KEN"),
            ("Kenya", "KEN"),
            ("kénya ", "KEN"),
            ("كينيا", "KEN"),
            ("Cote d’Ivoire", "CIV"),
            ("cote d'ivoire", "CIV"),
            ("Turkiye", "TUR"),
            ("espana", "ESP"),
            ("Narnia", "Narnia"),
        ],
    )
    def test_finds_a_name_in_any_language(self, word: str, code: str) -> None:
        """Case and accents don't matter; what is no name stays as typed, for the check to name it."""
        assert codes_from_words(COUNTRIES, [word]) == [code]

    def test_keeps_the_order_without_twins(self) -> None:
        """Two names of one country are one answer."""
        assert codes_from_words(COUNTRIES, ["Ghana", "Kenya", "GHA"]) == ["GHA", "KEN"]


class TestIsTyped:
    def test_only_for_long_lists(self) -> None:
        """Countries are typed, groups of people are all in sight."""
        groups = catalogue_model.load().vocabularies["population-group"]

        assert (is_typed(COUNTRIES), is_typed(groups)) == (True, False)
