"""Schema and code lists together: all that the mapping knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from ckanext.citizendata.core.mapping.compile import plan_from_schema
from ckanext.citizendata.core.mapping.plan import Plan
from ckanext.citizendata.core.schema import CLOSED, Schema
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["Agent", "Model", "Subject"]

Made = TypeVar("Made")


@dataclass(frozen=True)
class Model:
    """A schema with its vocabularies by name."""

    schema: Schema
    vocabularies: Mapping[str, Vocabulary] = field(hash=False)

    @cached_property
    def plan(self) -> Plan:
        """The schema compiled for mapping; raises `SchemaError` where it names what isn't there."""
        return plan_from_schema(self.schema, self.vocabularies)

    @cached_property
    def public(self) -> Model:
        """The model of what everyone is told: without the fields that never reach the open web."""
        return replace(self, schema=self.schema.without(CLOSED))

    def kept(self, make: Callable[[Model], Made]) -> Made:
        """What `make` makes of the model, made when it is first asked for and kept as long as the model.

        To look a model up by value would take longer than most of what is kept here.
        """
        if make not in self._kept:
            self._kept[make] = make(self)
        return self._kept[make]

    @cached_property
    def _kept(self) -> dict[Callable[[Model], Any], Any]:
        return {}


@dataclass(frozen=True, slots=True)
class Agent:
    """The organisation that answers for a record."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The IRIs that a record is about. The publisher of a package that names one itself (a projection) isn't used."""

    iri: str
    publisher: Agent | None = None

    def distribution(self, resource_id: str) -> str:
        """The IRI of one of the dataset's resources."""
        return f"{self.iri}/resource/{resource_id}"
