"""What a package is found by."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.projecting import SearchWords, search_words
from ckanext.citizendata.core.widening import reached, widened

MODEL = catalogue_model.load()


def found(**package: Any) -> dict[str, Any]:
    return search_words(MODEL).of(package)


class TestSearchWords:
    def test_a_country_is_found_by_its_regions(self) -> None:
        """But not by the one that holds every country."""
        index = found(country=["KEN"])
        assert index["vocab_country"] == ["KEN"]
        assert set(index["vocab_region"]) == {"014", "202", "002"}
        assert index["vocab_about"] == ["country/KEN", "region/002", "region/014", "region/202"]

    def test_several_codes_give_what_each_gives(self) -> None:
        """The same as by looking all up together."""
        countries = ["KEN", "PRT", "PER"]
        index = found(country=countries)
        assert set(index["vocab_region"]) == set(reached(MODEL.vocabularies, {"country": countries})["region"]) - {
            "001"
        }
        assert index["vocab_country"] == [*widened(MODEL.vocabularies["country"], countries)]

    def test_no_answer_is_nothing_to_find_by(self) -> None:
        """`unknown` is a choice in a filter and no word."""
        index = found(population_group=["unknown"])
        assert index["vocab_population_group"] == ["unknown"]
        assert index["vocab_about"] == []

    def test_what_is_no_code_gives_nothing(self) -> None:
        """Nor does a closed field, nor one that nobody looks for."""
        index = found(country=[5, "Atlantis"], sensitivity="high", access_rights=None, gender_marker="0")
        assert index["vocab_country"] == ["Atlantis"]
        assert "vocab_sensitivity" not in index
        assert index["vocab_about"] == []

    def test_what_is_in_no_list_is_not_kept(self) -> None:
        """Else a feed of made-up codes would fill the memory of who harvests it."""
        words = SearchWords(MODEL)
        for number in range(9):
            words.of({"country": ["KEN", f"Atlantis {number}"]})
        assert [*words._reaches] == [("country", "KEN")]

    def test_texts_go_by_language(self) -> None:
        """Those of a region's variety with the others; a language without a field of its own is in `text` alone."""
        index = found(
            title_translated={"fr-CA": "Écoles", "sw": "Shule", "ru": "Школы"},
            notes_translated={"fr": "Les nôtres"},
            keyword={"fr": ["enfants"], "en": ["children"]},
        )
        assert index["citizendata_fr"] == "Écoles\nLes nôtres\nenfants"
        assert index["citizendata_ru"] == "Школы"
        assert index["citizendata_title"] == "Écoles Shule Школы enfants children"
        assert not {"citizendata_sw", "citizendata_en", "citizendata_es"} & index.keys()

    def test_a_long_text_is_cut(self) -> None:
        """So that a Solr which takes it for one term doesn't refuse the record."""
        index = found(title_translated={"ar": "م" * 20_000})
        assert len(index["citizendata_ar"].encode()) < 32_766
