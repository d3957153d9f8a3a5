"""What makes two records alike; what is common to many records of the world makes none."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.core.likeness import Likeness, likeness

KEY = b"of this site"
A, B = "https://a.example.org/1", "https://b.example.org/2"
PACKAGE = {
    "title_translated": {"en": "Water points", "fr": "Points d'eau"},
    "publisher": [{"name": "Water desk"}],
    "temporal_coverage": [{"start": "2023-01-01", "end": "2024"}],
}


def alike(iri: str = A, identifier: str | None = None, key: bytes = KEY, **fields: Any) -> Likeness:
    said = f'<{iri}> <http://purl.org/dc/terms/identifier> "{identifier}" .\n' if identifier else ""
    return likeness(key, iri, f'<{iri}> <http://purl.org/dc/terms/title> "x" .\n{said}', {**PACKAGE, **fields})


class TestIdentifier:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("10.1234/abcd", "https://doi.org/10.1234/ABCD"),
            ("doi:10.1234/abcd", "http://dx.doi.org/10.1234/abcd"),
            ("urn:uuid:0b5b", "urn:UUID:0b5b"),
        ],
    )
    def test_is_the_same_however_it_is_written(self, one: str, other: str) -> None:
        """In capitals or not, with or without the resolver of DOIs."""
        assert alike(A, one).identifier == alike(B, other).identifier

    def test_of_one_is_the_address_of_the_other(self) -> None:
        """As where a catalogue takes over records of another under addresses of its own."""
        assert alike(A).identifier == alike(B, A).identifier
        assert alike(A).identifier != alike(B).identifier

    @pytest.mark.parametrize("identifier", ["1", "ds-1", "123456789012"])
    def test_that_says_nothing_outside_its_catalogue_counts_for_nothing(self, identifier: str) -> None:
        """Short ones and numbers."""
        assert alike(A, identifier) == alike(A)
        assert alike(A, identifier).identifier != alike(B, identifier).identifier


class TestWording:
    def test_is_the_same_whatever_keyboard_wrote_it(self) -> None:
        """Capitals, accents and blanks; of the period the years."""
        other = alike(
            B,
            title_translated={"en": "  WATER   points"},
            publisher=[{"name": "Wáter Desk", "uri": "https://w.example.org/"}],
            temporal_coverage=[{"start": "2023", "end": "2024-12-31"}, {"start": "1999"}],
        )
        assert alike(A).wording == other.wording

    @pytest.mark.parametrize(
        "fields",
        [
            {"title_translated": {"en": "Water points 2"}},
            {"publisher": [{"name": "River desk"}]},
            {"temporal_coverage": [{"start": "2022", "end": "2024"}]},
            {"temporal_coverage": None},
        ],
    )
    def test_is_another_in_any_of_the_three(self, fields: dict[str, Any]) -> None:
        """Title, publisher, period."""
        assert alike(A).wording != alike(A, **fields).wording

    @pytest.mark.parametrize("fields", [{"title_translated": None}, {"publisher": None}, {"publisher": [{"uri": A}]}])
    def test_needs_title_and_publisher(self, fields: dict[str, Any]) -> None:
        """Census 2020 without more is a title of many."""
        assert alike(A, **fields).wording is None


class TestKey:
    def test_is_the_sites(self) -> None:
        """Another site has other hashes of the same."""
        one, other = alike(A), alike(A, key=b"of another")
        assert (one.identifier, one.wording) != (other.identifier, other.wording)
        assert "Water" not in str(one)
