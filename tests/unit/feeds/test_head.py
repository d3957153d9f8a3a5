"""What the catalogue said of itself, kept beside a snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ckanext.citizendata.feeds.entry import Agent, CatalogueHead
from ckanext.citizendata.feeds.head import head_from_json, json_from_head

PUBLISHER = Agent("https://a.example/catalog#publisher", "Conseil de la société civile")
BARE = CatalogueHead("https://a.example/catalog", {"fr": "Données"}, {}, PUBLISHER, "https://a.example")
FULL = replace(
    BARE,
    publisher=replace(PUBLISHER, homepage="https://b.example"),
    languages=("http://publications.europa.eu/resource/authority/language/FRA",),
    licence="http://publications.europa.eu/resource/authority/licence/CC0",
    modified=datetime(2026, 5, 1, 12, 0, 0, 5, tzinfo=timezone.utc),
)


class TestHead:
    @pytest.mark.parametrize("head", [BARE, FULL])
    def test_there_and_back(self, head: CatalogueHead) -> None:
        """What is written is read again."""
        assert head_from_json(json_from_head(head)) == head
