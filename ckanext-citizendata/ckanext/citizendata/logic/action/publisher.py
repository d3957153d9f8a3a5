"""Whose a member's records are here, by who publishes them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.members.publishers import mapped, seen

__all__ = ["citizendata_publisher_list", "citizendata_publisher_map"]


@tk.side_effect_free
def citizendata_publisher_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The publishers that a member's records name, those with most records first.

    :param id: name of the member
    :type id: string

    :returns: of each `publisher` (its address, else its name; null for records that name none), `name`, `records` (how
        many) and `organization` (whose they are here by choice, null where they are the member's own organisation's)
    :rtype: list of dictionaries

    :raises NotFound: naming the members that there are
    """
    tk.check_access("citizendata_publisher_list", context, data_dict)
    return seen(member_named(tk.get_or_bust(data_dict, "id")))


def citizendata_publisher_map(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Choose the organisation that a publisher's records belong to here: those that are there and those to come.

    :param id: name of the member
    :type id: string
    :param publisher: address of the publisher, or its name where its records give no address
    :type publisher: string
    :param organization: name or id of the organisation; the member's own ends the choice
    :type organization: string

    :returns: `organization`, its name, and `moved`, how many records were moved to it
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for no such organisation, while the member is being harvested, and where the search engine
        doesn't answer; the next call goes on
    """
    tk.check_access("citizendata_publisher_map", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    publisher, organization = tk.get_or_bust(data_dict, ["publisher", "organization"])
    return mapped(member, str(publisher), str(organization))
