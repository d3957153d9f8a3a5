"""From what people write to the shape of a package."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import package_in_shape, readable_part, value_in_shape
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field


def named(model: Model, name: str) -> Field:
    return next(field for field in (*model.schema.fields, *model.schema.resource_fields) if field.name == name)


class TestValueInShape:
    @pytest.mark.parametrize(
        ("name", "written", "shaped"),
        [
            ("title", '{"en": "Water"}', {"en": "Water"}),
            ("title", {"zh-hant": " 水", "en": "", "en_GB": "x"}, {"zh-Hant": " 水", "en_GB": "x"}),
            ("title", {"en": "a", "EN": "b"}, {"en": "a", "EN": "b"}),
            ("title", {5: "a"}, {5: "a"}),
            ("title", "Water", "Water"),
            ("title", "{Water", "{Water"),
            ("title", "[" * 100_000, "[" * 100_000),
            ("title", " ", None),
            ("note", " Office ", "Office"),
            ("note", 5, 5),
            ("keyword", {"en": "water, queue\ntap،\u3001water"}, {"en": ["water", "queue", "tap"]}),
            ("keyword", '{"en": ["water "]}', {"en": ["water"]}),
            ("keyword", {"en": 5}, {"en": 5}),
            ("keyword", "water", "water"),
            ("place", '["UGA", "KEN"]', ["KEN", "UGA"]),
            ("place", ["UGA", "x", "KEN", "UGA", ""], ["KEN", "UGA", "x"]),
            ("place", "KEN", ["KEN"]),
            ("place", ["KEN", 5], ["KEN", 5]),
            ("home", ["KEN"], "KEN"),
            ("home", " KEN ", "KEN"),
            ("home", ["KEN", "UGA"], ["KEN", "UGA"]),
            ("home", 5, 5),
            ("day", " 2023 ", "2023"),
            ("day", 2023, "2023"),
            ("day", True, True),
            ("day", 2023.5, 2023.5),
            ("mail", " mailto:a@b.c", "a@b.c"),
            ("mail", 5, 5),
            ("phone", "tel:+254 (700) 000-000", "+254700000000"),
            ("phone", " call me", "call me"),
            ("phone", 5, 5),
            ("page", " https://example.org ", "https://example.org"),
            ("pages", "https://a.example\n\n https://b.example ", ["https://a.example", "https://b.example"]),
            ("pages", '["https://a.example", "https://a.example"]', ["https://a.example"]),
            ("pages", 5, 5),
            ("area", {"type": "Point", "coordinates": [1, 2]}, '{"type":"Point","coordinates":[1,2]}'),
            ("area", " {} ", "{}"),
            ("area", 5, 5),
            ("youngest", "12", 12),
            ("youngest", " 12.0 ", 12),
            ("youngest", "٤٥", 45),
            ("youngest", 12, 12),
            ("rate", "92.5", 92.5),
            ("rate", "a lot", "a lot"),
            ("rate", "NaN", "NaN"),
            ("rate", "1e999999", "1e999999"),
            ("rate", "9" * 50, "9" * 50),
            ("format", ".ken", "KEN"),
            ("format", " My format", "My format"),
            ("mimetype", "text/csv; charset=utf-8", "text/csv"),
            ("mimetype", 5, 5),
            (
                "contact",
                '[{"name": " Desk", "mail": ""}, {"name": " "}, 5]',
                [{"name": "Desk"}, 5],
            ),
            ("contact", [{"fax": " 1"}], [{"fax": " 1"}]),
            ("contact", "Desk", "Desk"),
        ],
    )
    def test_kind(self, model: Model, name: str, written: Any, shaped: Any) -> None:
        """What can be understood is brought into shape; all else stays as written."""
        assert value_in_shape(model, named(model, name), written) == shaped

    def test_package(self, model: Model) -> None:
        """A package is shaped field by field; empty answers go, what isn't a field stays."""
        written = {
            "id": "",
            "title": '{"en": "Water"}',
            "note": " ",
            "resources": [{"url": " https://a.example "}, {"url": ""}],
        }
        assert package_in_shape(model, written) == {
            "id": "",
            "title": {"en": "Water"},
            "resources": [{"url": "https://a.example"}],
        }

    def test_without_files(self, model: Model) -> None:
        """What isn't a field of the model stays, as files do where there are none."""
        profile = Model(replace(model.schema, resource_fields=(), resource_shape=None), model.vocabularies)
        assert package_in_shape(profile, {"resources": [{"url": " x "}]}) == {"resources": [{"url": " x "}]}


class TestReadablePart:
    @pytest.mark.parametrize(
        ("name", "written", "kept"),
        [
            ("title", {"und": "Lärm", "not a tag": "x", "en": "a\x01"}, {"und": "Lärm"}),
            ("title", {"en": "a", "EN": "b"}, {"en": "a"}),
            ("title", {"en": "<b>A title that is far too long</b>"}, {"en": "<b>A title that is far too long</b>"}),
            ("title", {"en": 5}, {}),
            ("title", "Water", None),
            ("keyword", {"en": ["water", 5, "tap\x01"]}, {"en": ["water"]}),
            ("place", ["KEN", "KENYA", "OLD"], ["KEN", "OLD"]),
            ("place", ["KEN", "unknown"], None),
            ("pages", ["https://example.org/a", "x"], ["https://example.org/a"]),
            ("day", "2023-13", None),
            ("day", "2023-12", "2023-12"),
            ("youngest", 131, None),
        ],
    )
    def test_costs_only_what_is_bad(self, model: Model, name: str, written: Any, kept: Any) -> None:
        """A bad text, word or item is left out; long texts and tags are shown as they are."""
        assert readable_part(model, named(model, name), written) == kept
