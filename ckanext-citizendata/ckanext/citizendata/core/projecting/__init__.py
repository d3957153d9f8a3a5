"""From what a harvested record says to what its page stores, shows and is found by; pure, shared by all publishers."""

from ckanext.citizendata.core.projecting.resources import File, guessed_format, resource_ids
from ckanext.citizendata.core.projecting.shown import (
    EMPTY_FILE,
    StoredFile,
    StoredPackage,
    dictized,
    shown,
    stored,
    text_for_site,
    with_clean_formats,
)
from ckanext.citizendata.core.projecting.values import Values, following, readable_value, values_of
from ckanext.citizendata.core.projecting.words import SearchWords, search_words

__all__ = [
    "EMPTY_FILE",
    "File",
    "SearchWords",
    "StoredFile",
    "StoredPackage",
    "Values",
    "dictized",
    "following",
    "guessed_format",
    "readable_value",
    "resource_ids",
    "search_words",
    "shown",
    "stored",
    "text_for_site",
    "values_of",
    "with_clean_formats",
]
