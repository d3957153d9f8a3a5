"""Two readings of one record beside each other."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import ENGLISH, Wording
from ckanext.citizendata.core.projecting import Values
from ckanext.citizendata.federation.differences import Difference, differences

MODEL = catalogue_model.load("dataset", catalogue_model.Additions((), ()))


def found(before: dict[str, Any], after: dict[str, Any], wording: Wording = ENGLISH) -> list[Difference]:
    files = [each.pop("resources", []) for each in (before, after)]
    return [*differences(MODEL, Values(before, tuple(files[0])), Values(after, tuple(files[1])), wording)]


def words(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.label, each.old_words, each.new_words) for each in found(before, after)]


class TestFields:
    def test_texts_are_told_by_language(self) -> None:
        """Only those that say something else; also one that is new or gone."""
        before = {"title_translated": {"en": "Water", "fr": "Eau", "es": "Agua"}}
        after = {"title_translated": {"en": "Water", "fr": "Eau propre", "sw": "Maji"}}
        assert words(before, after) == [
            ("Title (fr)", "Eau", "Eau propre"),
            ("Title (es)", "Agua", ""),
            ("Title (sw)", "", "Maji"),
        ]
        assert [each.field for each in found(before, after)][0] == "title_translated.fr"

    def test_codes_are_told_by_their_names(self) -> None:
        """In the reader's language; of a list what went and what came, while the values are whole."""
        before, after = {"country": ["KEN", "GHA"]}, {"country": ["KEN", "NGA"]}
        (each,) = found(before, after)
        assert (each.old, each.new) == (["KEN", "GHA"], ["KEN", "NGA"])
        assert (each.old_words, each.new_words) == ("Ghana", "Nigeria")
        french = Wording("fr", str)
        assert [each.new_words for each in found(before, after, french)] == ["Nigéria"]

    def test_rows_are_told_by_their_parts(self) -> None:
        """Only the rows that differ."""
        same = {"name": "A. Person", "email": "a@example.org"}
        before, after = {"contact": [same, {"name": "B. Person"}]}, {"contact": [same]}
        (each,) = found(before, after)
        assert (each.field, each.old_words, each.new_words) == ("contact", "Name of the office or role: B. Person", "")

    def test_another_order_is_told_whole(self) -> None:
        """Nothing went and nothing came."""
        before, after = {"documentation": ["https://a/", "https://b/"]}, {"documentation": ["https://b/", "https://a/"]}
        (each,) = found(before, after)
        assert (each.old_words, each.new_words) == ("https://a/; https://b/", "https://b/; https://a/")

    def test_what_is_the_same_is_not_told(self) -> None:
        """And a new answer has no old one."""
        both = {"title_translated": {"en": "Water"}, "version": "1"}
        (each,) = found(dict(both), {**both, "min_typical_age": 15})
        assert (each.field, each.old, each.new, each.old_words, each.new_words) == (
            "min_typical_age",
            None,
            15,
            "",
            "15",
        )


class TestFiles:
    def test_are_told_apart_by_address(self) -> None:
        """One that changed field by field, others whole; of two at one address the first stays the first."""
        csv = {"url": "https://a/1", "name": "Table", "format": "CSV"}
        before = {"resources": [csv, {"url": "https://a/2", "name": "Old"}]}
        after = {
            "resources": [{"url": "https://a/3", "name": "New"}, {**csv, "format": "JSON"}, {**csv, "name": "Twin"}]
        }
        told = found(before, after)
        assert [each.field for each in told] == [
            "resources[https://a/1].format",
            "resources[https://a/2]",
            "resources[https://a/3]",
            "resources[https://a/1]",
        ]
        assert told[0].label.startswith("File Table: ")
        assert told[1].new is None
        assert "New" in told[2].new_words
