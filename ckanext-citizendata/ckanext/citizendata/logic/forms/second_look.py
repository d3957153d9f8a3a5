"""What the people of a record should look at again: dates, promises and openness in it that don't go together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ckanext.citizendata.core.rules import consistency
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.wording import reader_wording

__all__ = ["second_look"]


def second_look(package: Mapping[str, Any]) -> list[str]:
    """A sentence for each, in the reader's language, by the day that it is now."""
    today = datetime.now(timezone.utc).date().isoformat()
    problems = consistency(package, site_model.model().schema, today, reader_wording())
    return [problem.message for problem in problems]
