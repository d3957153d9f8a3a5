"""Records of different members that look alike; they are listed, never merged."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.asked import number_asked, truth_asked
from ckanext.citizendata.logic.publishing.matching import decided, found

__all__ = ["citizendata_match_decide", "citizendata_match_list"]

PAIRS, MOST_PAIRS = 100, 1000


@tk.side_effect_free
def citizendata_match_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Pairs of records of different members that look alike, those that were found first first.

    :param decided: those that a person decided about, instead of those that wait (optional, default: ``false``)
    :type decided: bool
    :param after: only pairs with a higher number, to read on (optional, default: ``0``)
    :type after: int
    :param limit: so many pairs at most (optional, default: ``100``, upper limit: ``1000``)
    :type limit: int

    :returns: of each pair `number`, `left` and `right` (each with `id`, `name`, `title`, `iri`, `member`), `reasons`,
        `found`, `decision` (`same`, `different` or null) and `decided`
    :rtype: list of dictionaries
    """
    tk.check_access("citizendata_match_list", context, data_dict)
    after, limit = number_asked(data_dict, "after", 0), number_asked(data_dict, "limit", PAIRS)
    return found(after, min(limit, MOST_PAIRS), truth_asked(data_dict, "decided"))


def citizendata_match_decide(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Remember whether two records that look alike describe the same dataset. Nothing is done to either.

    :param left: name or id of the one
    :type left: string
    :param right: name or id of the other
    :type right: string
    :param decision: `same` or `different`
    :type decision: string

    :returns: `{"decision": …}`
    :rtype: dictionary

    :raises NotFound: for no such dataset, and for two that were never found to look alike
    :raises ValidationError: for another decision
    """
    tk.check_access("citizendata_match_decide", context, data_dict)
    left, right, decision = tk.get_or_bust(data_dict, ["left", "right", "decision"])
    decided([str(left), str(right)], str(decision))
    return {"decision": decision}
