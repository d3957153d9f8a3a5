"""Which names come to mind while somebody types."""

import pytest

from ckanext.citizendata.core.suggesting import begins, is_enough, rank
from ckanext.citizendata.core.vocabulary import Concept

PEOPLE = Concept(
    "people",
    "https://example.org/people",
    {"en": "Persons with disabilities", "fr": "Personnes handicapées", "zh": "残疾人"},
    {"en": ("Disabled people",), "ar": ("ذوو الإعاقة",)},
)


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("Water points in Kibera", "wat", True),
        ("Water points in Kibera", "kib WATER", True),
        ("Water points in Kibera", "oints", False),
        ("Water points in Kibera", "water schools", False),
        ("Côte d’Ivoire", "cote d'i", True),
        ("Sub-Saharan Africa", "sahar", True),
        ("हिन्दी में पानी", "हिन्", True),
        ("残疾人", "疾", True),
        ("الأشخاص ذوو الإعاقة", "إعاق", True),
    ],
)
def test_begins(name: str, typed: str, expected: bool) -> None:
    """Each word begins one, without capitals and accents; Chinese has no blanks."""
    assert begins(name, typed) is expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("wa", True), ("w", False), ("w!", False), ("人", True), ("", False), ("a" * 101, False)],
)
def test_is_enough(typed: str, expected: bool) -> None:
    """Two letters, or one of Chinese."""
    assert is_enough(typed) is expected


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("disabil", "en", 0),
        ("disabled", "en", 1),
        ("disabil", "en_GB", 0),
        ("handi", "fr_FR", 0),
        ("disabled", "fr", 2),
        ("الإعاقة", "en", 2),
        ("water", "en", None),
    ],
)
def test_rank(typed: str, language: str, expected: int | None) -> None:
    """Labels before other names, the reader's language before others."""
    assert rank(PEOPLE, typed, language) == expected
