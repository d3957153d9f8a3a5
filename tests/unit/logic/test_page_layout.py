"""Which answer stands where on the page of a dataset."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.logic.pages.page_layout import PARTS, Arranged, Told, arranged, told

SCHEMA = catalogue_model.schema_dict()
FIELDS = {field["field_name"]: field for field in SCHEMA["dataset_fields"]}
CLOSED = {field.name for field in catalogue_model.load().schema.fields if field.closed}


def _named(fields: Any) -> list[str]:
    return [field["field_name"] for field in fields]


def _told(name: str, package: dict[str, Any]) -> Told:
    part = next(part for part in arranged(SCHEMA) if part.name == name)
    return told(part, package, lambda field: field["field_name"] in CLOSED)


class TestArranged:
    def test_has_each_field_once(self) -> None:
        """No answer is told twice, and none is lost."""
        placed = [name for part in arranged(SCHEMA) for name in _named(part.fields)]
        assert sorted(placed) == sorted(FIELDS)

    def test_names_only_what_there_is(self) -> None:
        """A field or a section that the schema doesn't have any more is found here."""
        assert {name for part in PARTS for name in part.first} <= FIELDS.keys()
        assert {section for part in PARTS for section in part.sections} == {
            section["name"] for section in SCHEMA["sections"]
        }

    def test_begins_with_what_readers_ask_first(self) -> None:
        """What, whose, when and where, who is represented, how made, what it can't tell, how to get it, how used."""
        assert [part.name for part in arranged(SCHEMA)][:8] == [
            "what", "whose", "when_and_where", "people", "making", "limits", "access", "use",
        ]  # fmt: skip

    def test_a_section_of_a_site_comes_last(self) -> None:
        """Under its own heading."""
        own = {"name": "wells", "label": {"en": "Wells"}}
        field = {"field_name": "depth", "section": "wells", "label": {"en": "Depth"}, "obligation": "optional"}
        schema = {"sections": [*SCHEMA["sections"], own], "dataset_fields": [*SCHEMA["dataset_fields"], field]}
        assert arranged(schema)[-1] == Arranged("wells", (field,), {"en": "Wells"})


class TestTold:
    def test_what_is_missing_is_named(self) -> None:
        """Where a reader has to expect an answer, and where somebody said that she doesn't know."""
        limits = _told("limits", {"bias": ["unknown"]})
        assert (_named(limits.told), _named(limits.untold)) == ([], ["limitations", "bias"])

    def test_what_is_told_is_not_missed(self) -> None:
        """And what nobody has to tell isn't missed either."""
        limits = _told("limits", {"limitations": {"en": "Private taps."}})
        assert (_named(limits.told), _named(limits.untold)) == (["limitations"], [])

    def test_a_closed_answer_stands_apart(self) -> None:
        """Neither told to everybody nor missed."""
        part = _told("protection", {"sensitivity": "moderate"})
        assert _named(part.closed) == ["sensitivity"]
        assert "sensitivity" not in _named((*part.told, *part.untold))
        assert _named(_told("protection", {}).untold) == ["indigenous_data"]
