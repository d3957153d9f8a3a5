"""The catalogues of a registry and their harvests, as everybody may know of them; and what waits for people."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.asked import number_asked, number_asked_or_none
from ckanext.citizendata.logic.harvesting.needs import needs_of, needs_shown
from ckanext.citizendata.logic.members.catalogues import admitted_named, catalogue_shown, catalogues_shown
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.logic.wording import reader_wording

__all__ = ["citizendata_catalogue_list", "citizendata_catalogue_show", "citizendata_needs_list"]

# Catalogues and harvests in one answer.
USUAL, MOST = 50, 500


@tk.side_effect_free
def citizendata_catalogue_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The catalogues that this registry reads, by name, each with its last harvest.

    :param after: only those behind this name, to read on (optional)
    :type after: string
    :param limit: so many at most (optional, default: ``50``, upper limit: ``500``)
    :type limit: int

    :returns: `catalogues`, each with `id`, `title`, `records` (how many of its datasets stand here), `last_run` (as
        `citizendata_catalogue_show` gives it, or null) and `last_finished`; and `next`, which is the next `after`, null
        where there are no more
    :rtype: dictionary

    :raises ValidationError: where `limit` is no number
    """
    tk.check_access("citizendata_catalogue_list", context, data_dict)
    return catalogues_shown(context.get("user"), sought(data_dict.get("after")), _limit(data_dict))


@tk.side_effect_free
def citizendata_catalogue_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """One catalogue with its harvests, newest first: times, counts and codes of reasons, and no record.

    :param id: name of the member
    :type id: string
    :param before: only harvests with a smaller number, to read on (optional)
    :type before: int
    :param limit: so many at most (optional, default: ``50``, upper limit: ``500``)
    :type limit: int

    :returns: as in `citizendata_catalogue_list`, with `runs` and `next`, which is the next `before`. A run has `run` (a
        number), `started`, `finished`, `state`, `code` (why it failed), `counts` by outcome, `reasons` (each with
        `kind`, `code` and `count`) and, while it is under way, `progress` (`phase`, `done`, `total`)
    :rtype: dictionary

    :raises NotFound: where there is no such catalogue
    :raises ValidationError: where `before` or `limit` is no number
    """
    tk.check_access("citizendata_catalogue_show", context, data_dict)
    member = admitted_named(tk.get_or_bust(data_dict, "id"), context.get("user"))
    return catalogue_shown(member, number_asked_or_none(data_dict, "before"), _limit(data_dict))


@tk.side_effect_free
def citizendata_needs_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """What needs the caller: all of it for the registry's staff, for a member's people what is theirs.

    :returns: `kind`, `catalogues` (names of members), `title`, `count`, `since` and `address` (of a feed
        that asks to be read) of each, and for people `words`,
        `advice`, `safe` (what is done till somebody decides) and `otherwise` (what happens if nobody does)
    :rtype: list of dictionaries
    """
    tk.check_access("citizendata_needs_list", context, data_dict)
    return needs_shown(needs_of(str(context.get("user"))), reader_wording(), str)


def _limit(data_dict: DataDict) -> int:
    return max(1, min(number_asked(data_dict, "limit", USUAL), MOST))
