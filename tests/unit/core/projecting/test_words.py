"""What a package is found by, beyond its own words."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.projecting import search_words
from ckanext.citizendata.core.widening import reached, widened

MODEL = catalogue_model.load()


def found(**package: Any) -> tuple[dict[str, list[str]], list[str]]:
    return search_words(MODEL).of(package)


class TestSearchWords:
    def test_a_country_is_found_by_its_regions(self) -> None:
        """But not by the one that holds every country."""
        codes, names = found(country=["KEN"])
        assert codes["vocab_country"] == ["KEN"]
        assert set(codes["vocab_region"]) == {"014", "202", "002"}
        assert {"Kenya", "Eastern Africa", "Africa"} <= set(names)
        assert "World" not in names

    def test_several_codes_give_what_each_gives(self) -> None:
        """The same as by looking all up together."""
        countries = ["KEN", "PRT", "PER"]
        codes, _ = found(country=countries)
        assert set(codes["vocab_region"]) == set(reached(MODEL.vocabularies, {"country": countries})["region"]) - {
            "001"
        }
        assert codes["vocab_country"] == [*widened(MODEL.vocabularies["country"], countries)]

    def test_no_answer_is_no_word(self) -> None:
        """`unknown` is a choice in a filter and nothing to search for."""
        codes, names = found(population_group=["unknown"])
        assert codes["vocab_population_group"] == ["unknown"]
        assert names == []

    def test_what_is_no_code_gives_nothing(self) -> None:
        """Nor does a closed field."""
        codes, names = found(country=[5, "Atlantis"], sensitivity="high", access_rights=None)
        assert codes["vocab_country"] == ["Atlantis"]
        assert "vocab_sensitivity" not in codes
        assert names == []
