"""What search has of each field: the words that people wrote, the names of codes, the codes of a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field, Schema

__all__ = [
    "CODES",
    "LANGUAGES",
    "MOST_LETTERS",
    "PREFIX",
    "REGION",
    "TITLE",
    "TITLES",
    "WORDS",
    "Facet",
    "coded_fields",
    "facets",
    "language_field",
    "quoted",
    "searched_codes",
    "searched_lists",
    "word_fields",
]

# The stock Solr schema keeps `vocab_*` as several exact strings, and `text` is what a search looks through.
PREFIX = "vocab_"
WORDS = "text"
# All that a record is about, whatever its field: lists with codes, and all wider ones. Names of codes are no words of
# the index: a search knows them, and asks for the codes.
CODES = f"{PREFIX}about"
# Words of titles as they are written, for slips of the finger; and texts by the rules of their language. In the stock
# schema these are single terms that nobody looks for, so `MOST_LETTERS` keeps them below Lucene's 32,766 bytes.
TITLE = "citizendata_title"
TITLES = ("title_translated", "keyword")
LANGUAGES = ("ar", "es", "fr", "ru", "zh")
MOST_LETTERS = 8000
# A facet without a field: it follows from the countries.
REGION = "region"


@dataclass(frozen=True, slots=True)
class Facet:
    """One list of choices, which holds the codes of a field and all that is wider; labels by language."""

    name: str
    label: Mapping[str, str] = field(hash=False)
    vocabulary: str

    @property
    def solr_field(self) -> str:
        """What Solr calls it."""
        return PREFIX + self.name


def word_fields(schema: Schema) -> tuple[Field, ...]:
    """The open fields whose words are searched as they were written."""
    return tuple(known for known in schema.fields if known.search_weight and not known.closed and not known.vocabulary)


def coded_fields(schema: Schema) -> tuple[Field, ...]:
    """The open fields whose answers are codes."""
    return tuple(known for known in schema.fields if known.vocabulary and not known.closed)


def searched_codes(schema: Schema) -> tuple[Field, ...]:
    """Those of them that people name: what their codes and all wider ones are called finds a record.

    Other filters have codes whose names mean something else in a search box, as *point* and *household*.
    """
    return tuple(known for known in coded_fields(schema) if known.search_weight)


def searched_lists(model: Model) -> tuple[str, ...]:
    """The lists whose names find records, each once."""
    return tuple(dict.fromkeys((*(str(known.vocabulary) for known in searched_codes(model.schema)), REGION)))


def language_field(language: str) -> str:
    """What Solr calls the texts in one of LANGUAGES."""
    return f"citizendata_{language}"


def facets(model: Model) -> tuple[Facet, ...]:
    """The filters in the order of the schema, that of the regions behind them."""
    own = (Facet(each.name, each.label, str(each.vocabulary)) for each in coded_fields(model.schema) if each.facet)
    return (*own, Facet(REGION, model.vocabularies[REGION].titles, REGION))


def quoted(value: str) -> str:
    """The value as one word of Solr: what would end or change the quotation stands for itself."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
