"""The list of fields as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import NamedNode

from ckanext.citizendata.core.shape import Shape
from ckanext.citizendata.core.terms import DCAT

__all__ = ["CLOSED", "MAX_LENGTH", "SAFETY_CLASSES", "Field", "Limits", "Schema", "Section"]

# Who is told, from most to fewest: the short public version too; every full version; people signed in whom the record
# is for; own people alone.
SAFETY_CLASSES = ("short", "open", "shared", "own")
CLOSED = ("shared", "own")
NUMBERS = ("integer", "decimal")
MAX_LENGTH = 20000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of form and page; labels by language."""

    name: str
    label: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value must keep to, beyond its kind.

    Numbers lie between `minimum` and `maximum`, `not_below` the number in another field; a text has at most
    `max_length` characters and matches `pattern` (anchored, Python and XPath read it alike); a list has at most
    `at_most` items; an item has one of `at_least_one_of`, and the pair `in_order` in order. With `required_when` an
    answer is expected where one of the other fields (`field` or `field.part`) has one of the codes.
    """

    max_length: int = MAX_LENGTH
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    not_below: str | None = None
    at_most: int | None = None
    at_least_one_of: tuple[str, ...] = ()
    in_order: tuple[str, ...] = ()
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `kind` is the preset without its first word: text, code, codes, rows … `shape` is None for what CKAN alone keeps. A
    subfield and a field of a resource have neither section nor obligation (`""`).
    """

    name: str
    label: Mapping[str, str] = field(hash=False)
    help_text: Mapping[str, str] = field(hash=False)
    kind: str = "line"
    section: str = ""
    obligation: str = ""
    vocabulary: str | None = None
    many: bool = False
    facet: bool = False
    search_weight: int = 0
    safety_class: str = "open"
    needed: bool = False
    default_code: str = "unknown"
    limits: Limits = field(default_factory=Limits)
    subfields: tuple[Field, ...] = ()
    shape: Shape | None = None

    @property
    def closed(self) -> bool:
        """Whether the open web is never told."""
        return self.safety_class in CLOSED

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Schema:
    """All fields of a type and of its resources, in the order of the file.

    `rdf_class` is the class of what is described; where `names_itself`, its IRI is also its `dct:identifier`.
    """

    type_name: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    resource_fields: tuple[Field, ...] = ()
    resource_shape: Shape | None = None
    rdf_class: NamedNode = DCAT.Dataset
    names_itself: bool = True

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {known.name: known for known in reversed(self.fields)}

    def without(self, safety_classes: Sequence[str]) -> Schema:
        """The schema without the fields of these classes."""
        return replace(self, fields=tuple(known for known in self.fields if known.safety_class not in safety_classes))
