"""Shared parts, and a site's own fields."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.schema_files import with_additions, with_parts
from ckanext.citizendata.core.schema_reading import SchemaError

PARTS = {"period": [{"field_name": "start"}, {"field_name": "end"}]}
DOCUMENT = {
    "sections": [{"name": "about"}],
    "dataset_fields": [{"field_name": "title"}, {"field_name": "notes"}],
    "resource_fields": [{"field_name": "url"}],
}


def names(document: dict, key: str) -> list[str]:
    return [entry.get("field_name") or entry["name"] for entry in document[key]]


class TestWithParts:
    def test_a_use_becomes_the_parts(self) -> None:
        """Shared parts stand where the field names them, among its own."""
        field = {"field_name": "stay", "repeating_subfields": [{"use": "period"}, {"field_name": "place"}]}
        (filled,) = with_parts({"dataset_fields": [field]}, PARTS)["dataset_fields"]
        assert [part["field_name"] for part in filled["repeating_subfields"]] == ["start", "end", "place"]

    def test_unknown_parts_are_an_error(self) -> None:
        """The message names the field, what it asked for and what there is."""
        field = {"field_name": "stay", "repeating_subfields": [{"use": "perod"}]}
        with pytest.raises(SchemaError, match="stay: use: 'perod' isn't one of period"):
            with_parts({"dataset_fields": [field]}, PARTS)

    def test_leaves_the_file_as_it_was(self) -> None:
        """Nothing of the document is changed in place."""
        field = {"field_name": "stay", "repeating_subfields": [{"use": "period"}]}
        with_parts({"dataset_fields": [field]}, PARTS)
        assert field["repeating_subfields"] == [{"use": "period"}]


class TestWithAdditions:
    def test_a_field_stands_behind_the_one_that_it_names(self) -> None:
        """Without `after` it comes last."""
        added = {"dataset_fields": [{"field_name": "county", "after": "title"}, {"field_name": "ward"}]}
        whole = with_additions(DOCUMENT, [added])
        assert names(whole, "dataset_fields") == ["title", "county", "notes", "ward"]
        assert "after" not in whole["dataset_fields"][1]

    def test_sections_and_fields_of_files_are_added_too(self) -> None:
        """Every list of the document can grow."""
        added = {"sections": [{"name": "national"}], "resource_fields": [{"field_name": "seal"}]}
        whole = with_additions(DOCUMENT, [added])
        assert names(whole, "sections") == ["about", "national"]
        assert names(whole, "resource_fields") == ["url", "seal"]

    def test_lists_of_another_schema_are_passed_over(self) -> None:
        """One file may add to datasets and organisations alike."""
        assert with_additions(DOCUMENT, [{"fields": [{"field_name": "motto"}]}]) == DOCUMENT

    @pytest.mark.parametrize(
        ("added", "message"),
        [
            ({"dataset_fields": [{"field_name": "title"}]}, "title: field_name: there is one of this name already"),
            ({"dataset_fields": [{"field_name": "a", "after": "b"}]}, "a: after: there is no 'b' to stand behind"),
            ({"presets": []}, "presets: a file of additions has only sections"),
        ],
        ids=["taken", "after", "key"],
    )
    def test_what_would_change_the_shipped_list_is_refused(self, added: dict, message: str) -> None:
        """A site adds, and replaces nothing."""
        with pytest.raises(SchemaError, match=message):
            with_additions(DOCUMENT, [added])
