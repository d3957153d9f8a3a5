"""What of a harvested record is kept: the same as `readable_part` of each value, found sooner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import readable_part, value_in_shape
from ckanext.citizendata.core.projecting import following, readable_value, values_of
from ckanext.citizendata.core.rules import derived
from ckanext.citizendata.core.schema import Field
from tests.generation.packages import maker

MODEL = catalogue_model.load()
PARTS = tuple(part for field in MODEL.schema.fields for part in field.subfields)
ALL = (*(each for each in MODEL.schema.fields if each.kind != "rows"), *PARTS, *MODEL.schema.resource_fields)
# One of each kind; to look for what a wrong code was to be takes long in a long list.
FIELDS = (*{each.kind: each for each in ALL if each.name != "language"}.values(), MODEL.schema.field("country"))
# What no field takes, and what some do.
ODD = (
    "", " ", " x ", "a\r\nb", "KEN", "KENYA", "unknown", "<b>x</b>", "2023", "2023-13", "javascript:x", "http://[x",
    '["KEN","UGA"]', '{"en": "x"}', "[" * 100, [], ["KEN"], ["UGA", "KEN", "KEN"], ["KEN", "KENYA"], ["unknown", "KEN"],
    ["KEN", 5], ["x"] * 1001, [["KEN"]], {}, {"en": "Water", "not a tag": "x"}, {"EN": "Water"}, {"en": ""},
    {"en": ["a", "a", ""]}, {"en": "a", "EN": "b"}, 0, -1, 5, 5.0, 10**20, float("nan"), True, "x" * 30_000,
)  # fmt: skip


def same(field: Field, value: Any) -> None:
    expected = readable_part(MODEL, field, value_in_shape(MODEL, field, value))
    found = readable_value(MODEL, field, value)
    assert repr(found or None if found in ("", [], {}) else found) == repr(
        expected or None if expected in ("", [], {}) else expected
    )


class TestReadableValue:
    @pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
    def test_is_the_readable_part_of_what_is_odd(self, value: Any) -> None:
        """In fields of each kind."""
        for field in FIELDS:
            assert field is not None
            same(field, value)

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=30, deadline=None)
    def test_is_the_readable_part_of_what_is_usual(self, seed: int) -> None:
        """In every field of packages that the schema allows."""
        package = maker(MODEL).package(seed)
        fields = {field.name: field for field in MODEL.schema.fields if field.kind != "rows"}
        for name, value in package.items():
            if name in fields:
                same(fields[name], value)


class TestValuesOf:
    def test_are_the_readable_ones(self) -> None:
        """What is empty or bad is left out, of rows and files too."""
        read = values_of(
            MODEL,
            {
                "title_translated": {"en": "Water", "not a tag": "x"},
                "country": ["KEN", "KENYA"],
                "name": "chosen-by-a-feed",
                "contact": [{"email": "no mail"}, {"name": " Desk ", "email": "desk@example.org"}],
                "resources": [{"url": "https://example.org/1", "size": -5}, {"name": ""}],
                "nothing_of_ours": "x",
            },
        )
        assert read.package["title_translated"] == {"en": "Water"}
        assert read.package["country"] == ["KEN"]
        assert read.package["contact"] == [{"email": "desk@example.org", "name": "Desk"}]
        assert not read.package.keys() & {"name", "nothing_of_ours"}
        assert read.files == ({"url": "https://example.org/1"}, {})

    def test_with_what_follows_from_them(self) -> None:
        """The derived values are there, but for those that the source gives itself."""
        package = {"title_translated": {"en": "Water"}, "metadata_language": ["FRA"]}
        read = values_of(MODEL, package)
        assert read.package["completeness"] == derived(MODEL, package)["completeness"]
        assert read.package["metadata_language"] == ["FRA"]

    def test_goals_are_the_sources_own(self) -> None:
        """What an editor's targets add to her goals isn't added to those of a feed."""
        assert "sdg_goal" not in following(MODEL, {"sdg_target": ["6.1"]})
