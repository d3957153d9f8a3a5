"""The pages with a search of ours in them."""

from __future__ import annotations

from flask import has_request_context, request

from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["OWNERS", "is_search_page"]

# Pages of one organisation or group, and the filter that they add themselves.
OWNERS = {"organization.read": "organization", "group.read": "groups"}


def is_search_page() -> bool:
    """Whether the page that is being made is one of them."""
    return has_request_context() and request.endpoint in (f"{dataset_type()}.search", *OWNERS)
