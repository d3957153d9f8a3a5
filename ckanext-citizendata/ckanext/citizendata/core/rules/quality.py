"""The quality profile: for each thing that decides whether data fit a use, what a record tells and what it doesn't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckanext.citizendata.core.rules.answers import Package
from ckanext.citizendata.core.rules.completeness import is_answered
from ckanext.citizendata.core.schema import Field, Schema

__all__ = ["ASPECTS", "Aspect", "advice", "quality_profile"]

# Never one grade, and nothing of what few may read: everyone sees how these are answered.
ASPECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "people": ("population_group", "population_description", "disaggregation", "self_identification"),
        "participation": ("engagement", "community_agency", "community_validation", "results_returned"),
        "method": ("collection_mode", "sampling_procedure", "sample_size", "collection_period", "instrument"),
        "limits": ("limitations", "coverage_gaps", "bias"),
        "checks": ("quality_assessment", "quality_certificate"),
        "protection": ("ethics_review", "disclosure_control", "impact_assessment"),
        "access": ("access_rights", "access_conditions", "contact", "documentation"),
    }
)
MOST_NEEDED = ("quick", "safety", "mandatory")
NOT_EXPECTED = ("optional", "derived")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that decides, with the questions about it that are answered and those that aren't."""

    name: str
    told: tuple[Field, ...]
    untold: tuple[Field, ...]


def quality_profile(package: Package, schema: Schema) -> tuple[Aspect, ...]:
    """The aspects in the order in which readers ask; one of which the schema has no open field is left out."""
    aspects = (_aspect(name, names, package, schema) for name, names in ASPECTS.items())
    return tuple(aspect for aspect in aspects if aspect.told or aspect.untold)


def _aspect(name: str, names: tuple[str, ...], package: Package, schema: Schema) -> Aspect:
    known = [field for field in map(schema.field, names) if field is not None and not field.closed]
    told = tuple(field for field in known if is_answered(field, package.get(field.name)))
    return Aspect(name, told, tuple(field for field in known if field not in told))


def advice(profile: tuple[Aspect, ...], most: int) -> tuple[Field, ...]:
    """The questions whose answers would help readers most, so many at most; none that few data need."""
    untold = [field for aspect in profile for field in aspect.untold if field.obligation not in NOT_EXPECTED]
    return tuple(sorted(untold, key=lambda field: field.obligation not in MOST_NEEDED)[:most])
