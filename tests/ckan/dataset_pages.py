"""A record that tells much, and what tests read of its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from ckan import model
from ckan.tests import factories

from ckanext.citizendata.core.custody import Hop, written
from ckanext.citizendata.model import custody
from ckanext.citizendata.model import member as member_table
from ckanext.citizendata.model import record as record_table

CANARY = "quartzlantern"
Make = Callable[..., dict[str, Any]]
PEOPLE = {
    "community": [{"name": "Mtaa Committee", "role": "community_of_origin"}],
    "creator": [{"name": "Water Watch"}],
}
# Everything that a page has words of its own for, in codes whose names differ in the three languages.
TOLD: dict[str, Any] = {
    "title_translated": {"en": "Safe at home", "fr": "En sécurité chez soi", "ar": "آمنات في البيت"},
    "notes_translated": {"en": "What women tell.", "fr": "Ce que disent les femmes.", "ar": "ما تقوله النساء."},
    "limitations": {"en": "Few rural women.", "fr": "Peu de femmes rurales.", "ar": "عدد قليل من الريفيات."},
    "attribution_statement": {"en": "Name us.", "fr": "Nommez-nous.", "ar": "اذكرونا."},
    "country": ["EGY"],
    "population_group": ["women", "persons_with_disabilities"],
    "collection_mode": ["photo_report"],
    "sdg_goal": ["5"],
    "language": ["ARA"],
    "integration_status": "under_assessment",
    "access_rights": "RESTRICTED",
    "issued": "2024-03",
    "version": "2.1",
    "quality_assessment": [{"criterion": "accuracy", "result": "meets", "note": "Nota", "date": "2024"}],
    "engagement": [{"stage": "design", "level": "4", "who": ["women"]}, {"stage": "collection", "level": "0"}],
    **PEOPLE,
}


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def part(page: BeautifulSoup, name: str) -> str:
    """What a reader sees below one heading."""
    found = page.find(id=name)
    assert isinstance(found, Tag), name
    return " ".join(found.get_text(" ", strip=True).split())


def token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


def harvest(package: dict[str, Any], *hops: Hop) -> None:
    """Lets a record have come from a catalogue in Ghana, through the sites that are given."""
    catalogue = {"id": "ghana", "title": "Ghana's catalogue", "url": "https://gh.example.org/secret/catalog.ttl"}
    member_table.write({**catalogue, "audience": "everyone", "interval_minutes": 60})
    named = {"iri": "https://gh.example.org/dataset/1", "authority": "member:ghana"}
    record_table.write({"package_id": package["id"], **named})
    if hops:
        custody.note(model.Session.connection(), {package["id"]: written(hops)}, [package["id"]])
    model.Session.commit()
