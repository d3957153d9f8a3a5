"""What the catalogue said of itself in a snapshot, as it is kept beside its manifest."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ckanext.citizendata.feeds.entry import Agent, CatalogueHead

__all__ = ["head_from_json", "json_from_head"]


def json_from_head(head: CatalogueHead) -> bytes:
    """The head as JSON, the same bytes for the same head."""
    content = asdict(head) | {"modified": head.modified.isoformat() if head.modified else None}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def head_from_json(text: bytes) -> CatalogueHead:
    """The head that `json_from_head` wrote."""
    content: dict[str, Any] = json.loads(text)
    modified = content["modified"]
    return CatalogueHead(
        **content
        | {
            "publisher": Agent(**content["publisher"]),
            "languages": tuple(content["languages"]),
            "modified": datetime.fromisoformat(modified) if modified else None,
        }
    )
