"""CKAN's own actions on organisations, with what follows for offices and for the records that name the organisation."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.citizendata.logic.dirty import render_dirty
from ckanext.citizendata.logic.forms.office_profile import with_office_kept

__all__ = ["group_update", "organization_update"]

# How many records of a renamed organisation are rendered before the page returns; the periodic job does the others.
AT_ONCE = 50


@tk.chained_action
def organization_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN's action; an office stays one where that is left out, and the records that name the organisation follow."""
    result = next_action(context, with_office_kept(data_dict))
    if not context.get("defer_commit"):
        render_dirty(AT_ONCE)
    return result


@tk.chained_action
def group_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN's action, which edits organisations too; an office stays one where that is left out."""
    return next_action(context, with_office_kept(data_dict))
