"""What CKAN keeps of values, and how it shows them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.projecting import (
    StoredFile,
    StoredPackage,
    Values,
    dictized,
    shown,
    stored,
    text_for_site,
    with_clean_formats,
)

MODEL = catalogue_model.load()
NOW = datetime(2026, 1, 2, 3, 4, 5, 6)
VALUES = Values(
    {
        "title_translated": {"en": "Wäter"},
        "country": ["KEN"],
        "contact": [{"name": "Désk"}],
        "access_rights": "PUBLIC",
        "completeness": 40,
        "version": "2",
    },
    ({"url": "data.example.org/1.csv", "size": 9, "language": ["ENG"], "documentation": ["https://example.org/d"]},),
)


def package() -> StoredPackage:
    columns, extras, files = stored(MODEL, VALUES)
    row = {name: None for name in ("creator_user_id", "notes", "owner_org", "url", "version")} | {
        "id": "p", "name": "water", "title": " Wäter", "private": False, "state": "active", "type": "dataset",
        "metadata_created": NOW, "metadata_modified": NOW,
    }  # fmt: skip
    placed = [StoredFile({**each.columns, "id": "f", "created": NOW}, each.extras) for each in files]
    return StoredPackage({**row, **columns}, extras, placed, VALUES.package)


def read() -> dict[str, Any]:
    return dictized(package(), {"name": "kenya"})


class TestStored:
    def test_extras_are_texts(self) -> None:
        """Lists, texts by language, rows and numbers as JSON; rows as ckanext-scheming writes them, in ASCII."""
        _, extras, _ = stored(MODEL, VALUES)
        assert extras == {
            "title_translated": '{"en": "Wäter"}',
            "country": '["KEN"]',
            "contact": json.dumps([{"name": "Désk"}]),
            "access_rights": "PUBLIC",
            "completeness": "40",
        }

    def test_columns_are_ckans_own(self) -> None:
        """Those that a field of the schema fills, also where it says nothing."""
        assert stored(MODEL, VALUES)[0] == {"version": "2", "url": None}

    def test_files_have_all_columns_and_the_rest_by_name(self) -> None:
        """What isn't given is empty as in a new file; numbers stay numbers."""
        ((file,),) = (stored(MODEL, VALUES)[2],)
        assert file.columns["size"] == 9
        assert (file.columns["format"], file.columns["name"]) == ("", None)
        assert [*file.extras.items()] == [("documentation", '["https://example.org/d"]'), ("language", '["ENG"]')]


class TestShown:
    def test_values_stand_beside_ckans_own(self) -> None:
        """Fields of the schema without a value are left out; CKAN's own stay, and are empty."""
        found = shown(MODEL, package(), read())
        assert found["country"] == ["KEN"]
        assert found["completeness"] == 40
        assert "url" not in found
        assert found["author"] is None
        assert "extras" not in found

    def test_files_have_lists_as_lists(self) -> None:
        """And an address that a browser opens."""
        (file,) = shown(MODEL, package(), read())["resources"]
        assert file["language"] == ["ENG"]
        assert file["url"] == "http://data.example.org/1.csv"
        assert "name" not in file
        assert file["created"] == NOW.isoformat()

    def test_by_ckans_schema_lists_are_texts_and_formats_clean(self) -> None:
        """Its own copy of the package is the one with extras."""
        found = with_clean_formats(read(), str.upper)
        assert {"key": "country", "value": '["KEN"]'} in found["extras"]
        assert found["title"] == "Wäter"
        assert found["num_resources"] == 1


class TestTextForSite:
    def test_prefers_the_sites_language_then_english_then_the_first(self) -> None:
        """Empty where there is no text."""
        texts = {"fr": "Eau", "en": "Water", "de": ""}
        assert text_for_site(texts, "fr") == "Eau"
        assert text_for_site(texts, "de") == "Water"
        assert text_for_site({"sw": "Maji", "fr": "Eau"}, "de") == "Eau"
        assert text_for_site({}, "en") == ""
