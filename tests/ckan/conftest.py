"""What every test on a real site starts from: empty tables, an empty index, and one complete description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests import factories, helpers

from tests.ckan.offices import CLAIM, office
from tests.served import *  # noqa: F403 - fixtures

COMPLETE = {
    "type": "dataset",
    "title_translated": {"en": "Water points in Kibera"},
    "notes_translated": {"en": "Where people fetch water, mapped by those who fetch it."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023", "end": "2024"}],
    "population_group": ["unknown"],
    "collection_mode": ["unknown"],
    "initiator_kind": ["unknown"],
    "contact": [{"name": "Water desk", "email": "water@example.org"}],
    "access_rights": "PUBLIC",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
}


@pytest.fixture
def site(empty_site: None) -> None:  # noqa: ARG001
    """An empty site with our tables."""


@pytest.fixture
def organization(site: None) -> dict[str, Any]:  # noqa: ARG001
    """The organisation that owns what `dataset` makes."""
    return factories.Organization(title="Kibera Mappers")


@pytest.fixture
def dataset(organization: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Makes a complete dataset for everyone; arguments replace its fields."""

    def make(**fields: Any) -> dict[str, Any]:
        return helpers.call_action("package_create", **{"owner_org": organization["id"], **COMPLETE, **fields})

    return make


@pytest.fixture
def editor(organization: dict[str, Any]) -> dict[str, Any]:
    """An editor of the organisation."""
    return _with_role(organization, "editor")


@pytest.fixture
def reader(organization: dict[str, Any]) -> dict[str, Any]:
    """A user with the least role in the organisation."""
    return _with_role(organization, "member")


@pytest.fixture
def stranger(site: None) -> dict[str, Any]:  # noqa: ARG001
    """A signed-in user who edits for another organisation."""
    user = factories.User()
    factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    return user


@pytest.fixture
def stated(dataset: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A public record of Kenya that says of itself that official statistics use it."""
    return dataset(**CLAIM)


@pytest.fixture
def statistician(site: None) -> dict[str, Any]:  # noqa: ARG001
    """An editor of the statistical office of Kenya."""
    return office("KEN", "UGA")


def _with_role(organization: dict[str, Any], capacity: str) -> dict[str, Any]:
    user = factories.User()
    helpers.call_action(
        "member_create", id=organization["id"], object=user["id"], object_type="user", capacity=capacity
    )
    return user
