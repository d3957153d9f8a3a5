"""What pages ask of actions, with CKAN's errors as answers of a page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.logic.contexts import reader

__all__ = ["acted", "allowed", "found"]


def allowed(action: str, data_dict: dict[str, Any]) -> bool:
    """Whether the reader may do this."""
    try:
        return bool(tk.check_access(action, reader(), data_dict))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def found(action: str, data_dict: dict[str, Any]) -> Any:
    """What the action gives; 404 where there is no such thing, 403 where it is for others, 400 for a wrong wish."""
    try:
        return tk.get_action(action)(reader(), data_dict)
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such catalogue, or no such harvest of it."))
        raise
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the catalogue's own people and the people of this registry see this."))
        raise
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(map(str, error.error_summary.values())))
        raise


def acted(action: str, data_dict: dict[str, Any]) -> Any:
    """What the action gives; None where it can't be done now, which the next page says; 403 where it isn't allowed."""
    try:
        return tk.get_action(action)(reader(), data_dict)
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the catalogue's own people and the people of this registry may do this."))
        raise
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        summary = getattr(error, "error_summary", None) or {"": str(error)}
        tk.h.flash_error("; ".join(map(str, summary.values())))
        return None
