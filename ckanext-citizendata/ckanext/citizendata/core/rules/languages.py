"""The languages that a description is written in."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.citizendata.core.rules.answers import Package
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["metadata_language"]

TEXTS = ("title_translated", "notes_translated")
# What the list of languages says to be the same: ISO 639-1 by the Library of Congress.
TWO_LETTERS = "http://id.loc.gov/vocabulary/iso639-1/"
# The tag of a text whose language nobody told.
UNDETERMINED = "und"


def metadata_language(package: Package, languages: Vocabulary) -> list[str]:
    """The codes of the languages of title and description, in the order of the list; others are left out.

    {"title_translated": {"en": "Water", "pt-BR": "Água", "und": "H2O"}} -> ["ENG", "POR"]
    """
    texts = [value for name in TEXTS if isinstance(value := package.get(name), Mapping)]
    tags = {str(tag).split("-")[0].lower() for written in texts for tag, text in written.items() if text}
    found = {code for tag in tags - {UNDETERMINED} if (code := _code(tag, languages))}
    return sorted(found, key=languages.places.__getitem__)


def _code(primary: str, languages: Vocabulary) -> str | None:
    concept = languages.by_iri(TWO_LETTERS + primary) or languages.by_code(primary.upper())
    return concept.code if concept else None
