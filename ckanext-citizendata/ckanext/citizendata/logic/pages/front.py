"""What the front page shows of the data: the latest records, and whom they count."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.pages.topics import KINDS, Under, all_topics
from ckanext.citizendata.logic.search_failure import FAILED

__all__ = ["communities", "latest"]


def latest(count: int) -> list[dict[str, Any]]:
    """The records that the reader may see, latest first; none while search is out of order."""
    query = {"rows": count, "sort": "metadata_modified desc", "fq": f"dataset_type:{dataset_type()}"}
    try:
        return tk.get_action("package_search")({"user": tk.current_user.name}, query)["results"]  # type: ignore
    except FAILED:
        return []


def communities() -> Under | None:
    """Whom the data for everyone count, and whom none is known to count; None while search is out of order."""
    try:
        return all_topics(KINDS["community"])
    except FAILED:
        return None
