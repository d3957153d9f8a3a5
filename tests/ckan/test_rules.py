"""What follows from the answers of a record on a real site."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.model import record

Make = Callable[..., dict[str, Any]]

POINT = json.dumps({"type": "Point", "coordinates": [36.7812345, -1.3112345]})
PLACES = [{"name": "Kenya's north"}, {"name": "Makina village", "geom": POINT}]


def _seen(user: dict[str, Any] | None, id_: str) -> dict[str, Any]:
    name = user["name"] if user else ""
    who = model.User.get(name) or model.AnonymousUser()
    return tk.get_action("package_show")({"user": name, "auth_user_obj": who, "ignore_auth": False}, {"id": id_})


class TestDerived:
    def test_values_follow_from_answers(self, dataset: Make) -> None:
        """And stand beside them; nobody typed them."""
        package = dataset(
            sdg_indicator=["C060101"],
            sdg_goal=["10"],
            engagement=[{"stage": "design", "level": "4"}, {"stage": "collection", "level": "5"}],
            title_translated={"en": "Water", "fr": "Eau"},
            consent_type=["individual_written"],
        )

        expected = {
            "sdg_target": ["6.1"],
            "sdg_goal": ["6", "10"],
            "engagement_profile": "design4-collection5",
            "scope_hint": "in_scope",
            "quality_status": "not_assessed",
            "consent_status": "ConsentGiven",
            "metadata_language": ["ENG", "FRA"],
        }
        shown = call("package_show", id=package["id"])
        assert {name: shown.get(name) for name in expected} == expected
        assert 0 < shown["completeness"] < 100

    def test_values_follow_changes(self, dataset: Make) -> None:
        """An answer that is taken back takes its consequences along; a caller's word isn't taken."""
        id_ = dataset(engagement=[{"stage": "design", "level": "4"}])["id"]
        call("package_patch", id=id_, engagement=[{"stage": "design", "level": "unknown"}], scope_hint="in_scope")

        shown = call("package_show", id=id_)
        assert shown.get("engagement_profile") is None
        assert shown["scope_hint"] == "not_enough_information"

    def test_closed_ones_stay_with_own_people(self, dataset: Make) -> None:
        """The hint and the state of consent are for those who may edit."""
        seen = _seen(None, dataset(consent_type=["individual_written"])["id"])

        assert not {"scope_hint", "consent_status"} & seen.keys()
        assert seen["quality_status"] == "not_assessed"


class TestSafety:
    CARE = {"sensitivity": "high", "spatial_coverage": PLACES}

    def test_defaults_are_narrow(self, dataset: Make) -> None:
        """Where the person left access and audience open, and only there."""
        shut = dataset(sensitivity="severe", access_rights="", audience="")
        chosen = dataset(sensitivity="severe")

        assert (shut["access_rights"], shut["audience"]) == ("NON_PUBLIC", "producer")
        assert (chosen["access_rights"], chosen["audience"]) == ("PUBLIC", "everyone")

    def test_without_need_an_answer_is_asked_for(self, dataset: Make) -> None:
        """Nothing is chosen for a record that needs no care."""
        with pytest.raises(tk.ValidationError) as refused:
            dataset(audience="")
        assert "audience" in refused.value.error_dict

    def test_exact_places_stay_with_own_people(
        self, dataset: Make, editor: dict[str, Any], reader: dict[str, Any]
    ) -> None:
        """Not on pages of others, not in RDF, not in the search, neither as point nor as name."""
        id_ = dataset(**self.CARE)["id"]

        assert _seen(editor, id_)["spatial_coverage"] == PLACES
        for user in (reader, None):
            assert _seen(user, id_)["spatial_coverage"] == PLACES[:1]
        fragment = record.by_package(id_).fragment
        assert "north" in fragment
        assert "36.78" not in fragment
        assert "Makina" not in fragment
        assert call("package_search", q="Makina")["count"] == 0
        assert call("package_search", q="north")["count"] == 1
        assert "Makina" not in json.dumps(call("package_search", use_default_schema=True))

    def test_other_records_keep_their_places(self, dataset: Make) -> None:
        """A public well may be found."""
        id_ = dataset(spatial_coverage=PLACES)["id"]

        assert _seen(None, id_)["spatial_coverage"] == PLACES
        assert "36.78" in record.by_package(id_).fragment


class TestSecondLook:
    def test_own_people_are_told_what_does_not_go_together(
        self, dataset: Make, editor: dict[str, Any], app: Any
    ) -> None:
        """On the page of the record; nobody is stopped, and others don't see it."""
        name = dataset(embargo_until="2999-01-01")["name"]
        token = factories.APIToken(user=editor["name"])["token"]

        assert "2999-01-01” is still to come" in app.get(f"/dataset/{name}", headers={"Authorization": token}).body
        assert "is still to come" not in app.get(f"/dataset/{name}").body
