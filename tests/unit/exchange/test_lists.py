"""Code lists as people choose and type them."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.lists import Choices


@pytest.fixture
def countries(model: Model) -> Choices:
    return Choices(model.vocabularies["country"])


class TestCode:
    @pytest.mark.parametrize(
        "text",
        [
            "KEN",
            "Kenya",
            " kenya ",
            "Кения",
            "كينيا",
            "http://publications.europa.eu/resource/authority/country/KEN",
        ],
    )
    def test_is_found_by_code_label_and_iri(self, countries: Choices, text: str) -> None:
        """In any language of the list, whatever the case."""
        assert countries.code(text) == "KEN"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Turkiye", "TUR"),
            ("espana", "ESP"),
            ("Cote d'Ivoire", "CIV"),
            ("CÔTE D’IVOIRE", "CIV"),
            ("Côte dʼIvoire", "CIV"),
            ("Guinea\u2011Bissau", "GNB"),
            ("ken", "KEN"),
        ],
    )
    def test_needs_no_accents(self, countries: Choices, text: str, code: str) -> None:
        """Nor the apostrophe and the hyphen of the list: a keyboard may lack them."""
        assert countries.code(text) == code

    def test_of_an_unknown_text_is_none(self, countries: Choices) -> None:
        """Nothing is guessed."""
        assert countries.code("Atlantis") is None

    def test_is_found_by_another_word(self, model: Model) -> None:
        """Indicators by their listed number."""
        assert Choices(model.vocabularies["sdg-indicator"]).code("1.1.1") == "C010101"


class TestCodes:
    @pytest.mark.parametrize("text", ["Kenya; Uganda", "KEN;UGA", "Kenya, Ouganda", "كينيا؛ أوغندا", "Kenya\nUganda;"])
    def test_are_parted_by_semicolons_or_commas(self, countries: Choices, text: str) -> None:
        """In the signs of each script, or one a line."""
        assert countries.codes(text) == ["KEN", "UGA"]

    def test_keep_what_is_no_entry(self, countries: Choices) -> None:
        """As it was typed, for the checks to name."""
        assert countries.codes("Kenya; Atlantis; Mu, Lemuria") == ["KEN", "Atlantis", "Mu, Lemuria"]

    def test_know_a_label_with_a_semicolon(self, model: Model) -> None:
        """It parts nothing inside a label."""
        indicators = Choices(model.vocabularies["sdg-indicator"])
        label = model.vocabularies["sdg-indicator"].label("C030702", "en")
        assert ";" in label
        assert indicators.codes(f"1.1.1; {label}") == ["C010101", "C030702"]


class TestText:
    @pytest.mark.parametrize("name", ["country", "language", "sdg-target", "sdg-indicator", "licence", "file-type"])
    def test_leads_back_to_its_code(self, model: Model, name: str) -> None:
        """For each entry of the long lists, also where two have the same label."""
        choices = Choices(model.vocabularies[name])
        assert [choices.codes(choices.text(code)) for code in model.vocabularies[name].codes] == [
            [code] for code in model.vocabularies[name].codes
        ]

    def test_of_an_unknown_code_is_the_code(self, countries: Choices) -> None:
        """Nothing is lost on the way."""
        assert countries.text("XYZ") == "XYZ"


class TestShown:
    def test_fits_a_drop_down(self, model: Model) -> None:
        """Long labels are cut at a word, and all differ."""
        shown = Choices(model.vocabularies["sdg-target"]).shown
        assert max(map(len, shown)) <= 122
        assert len({*shown}) == len(shown)
