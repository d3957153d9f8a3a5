"""Which three questions a person is led to next."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.logic.forms.next_steps import next_steps

SCHEMA = catalogue_model.schema_dict()
QUICK = {
    "title_translated": {"en": "Wells"},
    "notes_translated": {"en": "Where people fetch water."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023"}],
    "population_group": ["women"],
    "collection_mode": ["participatory_mapping"],
    "initiator_kind": ["community_organisation"],
    "contact": [{"name": "Desk"}],
    "access_rights": "PUBLIC",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
}


def _names(data: dict[str, Any], number: int = 3) -> list[str]:
    return [field["field_name"] for field in next_steps(SCHEMA, data, number)]


class TestNextSteps:
    def test_of_an_empty_record(self) -> None:
        """What publishes it, and of that what people filter by and search for first."""
        assert _names({}) == ["country", "population_group", "initiator_kind"]

    def test_of_a_quick_record(self) -> None:
        """What every catalogue asks for; a “don't know” is still open."""
        found = _names(QUICK | {"language": ["unknown"], "sdg_goal": ["none"]})

        assert found[0] in ("language", "sdg_goal", "citizen_data_form", "integration_status")
        assert {field["obligation"] for field in SCHEMA["dataset_fields"] if field["field_name"] in found} == {
            "mandatory"
        }

    def test_conditions_come_first_where_they_are_needed(self) -> None:
        """Access under conditions says little without them."""
        assert _names(QUICK | {"access_rights": "RESTRICTED"})[0] == "access_conditions"

    def test_never_asks_what_few_need(self) -> None:
        """Optional questions, and what follows from others, are no step."""
        found = _names({}, 500)
        rest = {
            field["field_name"] for field in SCHEMA["dataset_fields"] if field["obligation"] in ("optional", "derived")
        }

        assert not rest & set(found)
