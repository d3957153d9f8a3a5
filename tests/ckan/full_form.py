"""An answer to every question of the form, and what a browser sends for a form as it stands."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag

from ckanext.citizendata.logic import site_model
from tests.generation.records import full_record

__all__ = ["answers", "full_package", "lasting"]

# What CKAN itself counts or dates.
MOVING = ("metadata_modified", "metadata_created", "num_resources", "completeness")


def full_package() -> dict[str, Any]:
    """An answer to every question that the form asks, as the API takes it."""
    model = site_model.model()
    asked = {field.name for field in model.schema.fields if field.obligation != "derived"} | {"resources"}
    record = {name: value for name, value in full_record(model, 7).items() if name in asked}
    record["lc_project"] = ["https://localcontextshub.org/projects/259854f7-b261-4c8c-8556-4b153deebc18"]
    record["funding"][0] |= {"currency": "EUR", "iati_id": "GB-1-114235-103"}
    record["keyword"] = {"en": ["queue", "Nairobi, Kenya"], "ar": ["مياه"]}
    record["resources"] = [{"url": "https://example.org/a.csv", "name": "Points"}]
    return record | {"name": "full", "audience": "everyone"}


def answers(page: BeautifulSoup) -> dict[str, list[str]]:
    """What a browser would send for the form as it stands, by the names of its boxes."""
    sent: dict[str, list[str]] = {}
    for box in page.select("form.cd-form [name]"):
        value = _value(box)
        if value is not None and box["name"] not in ("save", "_csrf_token"):
            sent.setdefault(str(box["name"]), []).append(value)
    return sent


def lasting(package: dict[str, Any]) -> dict[str, Any]:
    """The package without what CKAN counts or dates."""
    return {name: value for name, value in package.items() if name not in MOVING}


def _value(box: Tag) -> str | None:
    if box.name == "textarea":
        return box.get_text().removeprefix("\n")
    if box.name == "select":
        chosen = box.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    if box.get("type") in ("checkbox", "radio"):
        return str(box["value"]) if box.has_attr("checked") else None
    return None if box.get("type") == "file" else str(box.get("value", ""))
