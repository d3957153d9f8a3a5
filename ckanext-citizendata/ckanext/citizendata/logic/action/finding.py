"""What SHACL shapes say about the records of members."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.harvesting import findings
from ckanext.citizendata.logic.harvesting.harvest import member_named

__all__ = ["citizendata_finding_list"]

# Records in one answer.
RECORDS, MOST_RECORDS = 100, 1000


@tk.side_effect_free
def citizendata_finding_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the SHACL shapes of this site, with DCAT-AP's, say about the records of a member that are shown here.

    :param id: name of the member
    :type id: string
    :param after: only records with greater addresses, to read on (optional)
    :type after: string
    :param limit: so many records at most (optional, default: ``100``, upper limit: ``1000``)
    :type limit: int

    :returns: `waiting` (how many records weren't held against the shapes since they changed) and `records`: those about
        which anything is said, by address, each with `iri`, `title` and `findings`: `path`, `code`, `message`,
        `severity`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: if `limit` is no number
    """
    tk.check_access("citizendata_finding_list", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    after, limit = str(data_dict.get("after") or ""), _limit(data_dict)
    return {"waiting": findings.waiting(member.id), "records": findings.listed(member.id, after, limit)}


def _limit(data_dict: DataDict) -> int:
    text = str(data_dict.get("limit") or RECORDS)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise tk.ValidationError({"limit": [f"{text[:80]!r} is no number"]})
    return min(int(text), MOST_RECORDS)
