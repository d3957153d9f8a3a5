"""An option that stands in the configuration file with nothing behind it means what its description says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ckan.config.declaration import Declaration

DECLARATION = Path(__file__).parents[2] / "ckanext-citizendata" / "ckanext" / "citizendata" / "config_declaration.yaml"
DOCUMENT = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
OPTIONS = {option["key"]: option for group in DOCUMENT["groups"] for option in group["options"]}
# What "Empty means …" says; no entry is no statement: None or an empty text.
MEANING: dict[str, Any] = {
    "ckanext.citizendata.invented_example": False,
    "ckanext.citizendata.own_look": False,
    "ckanext.citizendata.account_requests": False,
    "ckanext.citizendata.member_applications": False,
    "ckanext.citizendata.text_languages": [],
    "ckanext.citizendata.metadata_languages": [],
    "ckanext.citizendata.harvest_page_bytes": 1024 * 1024 * 1024,
    "ckanext.citizendata.harvest_batch_records": 250,
    "ckanext.citizendata.harvest_page_seconds": 5 * 60,
    "ckanext.citizendata.harvest_networks": [],
    "ckanext.citizendata.harvest_ports": [],
    "ckanext.citizendata.harvest_parser_seconds": 60,
    "ckanext.citizendata.harvest_parser_bytes": 1024 * 1024 * 1024,
    "ckanext.citizendata.harvest_job_seconds": 60 * 60,
    "ckanext.citizendata.harvest_absence_hours": 24,
    "ckanext.citizendata.harvest_long_seconds": 10 * 60,
    "ckanext.citizendata.harvest_queue": "citizendata-harvest",
    "ckanext.citizendata.ping_queue": "citizendata-ping",
    "ckanext.citizendata.registries": [],
    "ckanext.citizendata.search_patience_seconds": 30,
    "ckanext.citizendata.tick_seconds": 5,
    "ckanext.citizendata.feed_days": 7,
    "ckanext.citizendata.feed_kept_hours": 168,
    "ckanext.citizendata.feed_dump_minutes": 60,
}


@pytest.fixture(scope="module")
def declaration() -> Declaration:
    declared = Declaration()
    declared.load_dict(DOCUMENT)
    return declared


@pytest.mark.parametrize("key", OPTIONS)
class TestOption:
    def test_empty(self, declaration: Declaration, key: str) -> None:
        """An empty option is as its description says, and the site starts."""
        config: Any = {key: ""}
        _, errors = declaration.validate(config)
        assert errors == {}
        declaration.normalize(config)
        assert (config[key] or None) == (MEANING.get(key) or None)

    def test_example(self, declaration: Declaration, key: str) -> None:
        """The example of the reference can be written so."""
        _, errors = declaration.validate({key: OPTIONS[key]["example"]})  # type: ignore[arg-type]
        assert errors == {}

    def test_description(self, key: str) -> None:
        """Each description says what an empty option means."""
        assert "mpty means" in OPTIONS[key]["description"]
