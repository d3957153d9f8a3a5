"""For whom CKAN's actions are asked."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

__all__ = ["nobody", "reader", "the_site"]


def nobody() -> Context:
    """A context for what everyone may see, whoever looks at the page."""
    return Context(user="", auth_user_obj=None, ignore_auth=False)


def reader() -> Context:
    """A context for whoever looks at the page."""
    return tk.fresh_context(Context(user=tk.current_user.name, auth_user_obj=tk.current_user))  # type: ignore


def the_site(**more: Any) -> Context:
    """A context for what the site itself keeps in step, as the index and feeds are; with more keys of CKAN's."""
    return tk.fresh_context(Context(user="", ignore_auth=True), **more)
