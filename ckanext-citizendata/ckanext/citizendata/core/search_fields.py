"""What search has of each field: the words that people wrote, the names of codes, the codes of a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field, Schema

__all__ = ["PREFIX", "REGION", "WORDS", "Facet", "coded_fields", "facets", "word_fields"]

# The stock Solr schema keeps `vocab_*` as several exact strings, and `text` is what a search looks through.
PREFIX = "vocab_"
WORDS = "text"
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
    return tuple(known for known in schema.fields if known.search_weight and not known.closed)


def coded_fields(schema: Schema) -> tuple[Field, ...]:
    """The open fields whose answers are codes: the names of these and of all wider ones are searched."""
    return tuple(known for known in schema.fields if known.vocabulary and not known.closed)


def facets(model: Model) -> tuple[Facet, ...]:
    """The filters in the order of the schema, that of the regions behind them."""
    own = (Facet(each.name, each.label, str(each.vocabulary)) for each in coded_fields(model.schema) if each.facet)
    return (*own, Facet(REGION, model.vocabularies[REGION].titles, REGION))
