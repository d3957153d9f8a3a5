"""The quality profile: what a record tells of each thing that decides, and what would help most."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.rules import ASPECTS, advice, quality_profile

SCHEMA = catalogue_model.load().schema


def names(fields: object) -> list[str]:
    return [field.name for field in fields]  # type: ignore[attr-defined]


class TestQualityProfile:
    def test_tells_what_is_answered(self) -> None:
        """`unknown` is no answer, 0 is one."""
        package = {
            "collection_mode": ["photo_report"],
            "sampling_procedure": ["unknown"],
            "sample_size": 0,
            "collection_period": [],
        }
        method = next(aspect for aspect in quality_profile(package, SCHEMA) if aspect.name == "method")

        assert names(method.told) == ["collection_mode", "sample_size"]
        assert names(method.untold) == ["sampling_procedure", "collection_period", "instrument"]

    def test_has_open_fields_alone(self) -> None:
        """How a closed question is answered is for few, and each name is a field of the schema."""
        for asked in ASPECTS.values():
            assert [name for name in asked if (field := SCHEMA.field(name)) is None or field.closed] == []

    def test_says_nothing_of_what_the_schema_lacks(self) -> None:
        """A field that was closed, or taken away, is in no aspect; nor is an aspect without any."""
        limits = ASPECTS["limits"]
        kept = tuple(field for field in SCHEMA.fields if field.name not in limits)
        closed = tuple(replace(field, safety_class="own") for field in SCHEMA.fields if field.name in limits)

        profile = quality_profile({}, replace(SCHEMA, fields=(*kept, *closed)))
        assert [aspect.name for aspect in profile] == [name for name in ASPECTS if name != "limits"]


class TestAdvice:
    @pytest.mark.parametrize(
        ("answered", "first"),
        [
            ((), ["population_group", "engagement", "collection_mode"]),
            (("population_group", "engagement", "collection_mode"), ["limitations", "access_rights", "contact"]),
        ],
    )
    def test_what_every_record_needs_comes_first(self, answered: tuple[str, ...], first: list[str]) -> None:
        """Then what is recommended, in the order of the profile."""
        given = {
            "population_group": ["women"],
            "engagement": [{"stage": "design", "level": "4"}],
            "collection_mode": ["photo_report"],
        }
        package = {name: given[name] for name in answered}
        assert names(advice(quality_profile(package, SCHEMA), 3)) == first

    def test_never_asks_for_what_few_need(self) -> None:
        """A certificate is no duty."""
        assert "quality_certificate" not in names(advice(quality_profile({}, SCHEMA), 100))
