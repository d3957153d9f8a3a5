"""The signed feeds of members: what is known of them, and what a person decides about their keys and counts."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.asked import number_asked
from ckanext.citizendata.logic.harvesting.feed_states import approved, feed_shown, trusted
from ckanext.citizendata.logic.harvesting.harvest import member_named

__all__ = ["citizendata_member_epoch_approve", "citizendata_member_feed_show", "citizendata_member_key_trust"]


@tk.side_effect_free
def citizendata_member_feed_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What is known of a member's signed feed since it was last read well.

    :param id: name of the member
    :type id: string

    :returns: `id`, `catalogue` (its address), `key` (the name of the key that signs) and `x` (the key itself), `epoch`
        and `sequence` (how often it began to count anew, and the number in that count), `expires`, `read_whole` (when
        all of it was read), `waiting_key` and `waiting_epoch` (what waits for a decision, or none), `approved_epoch`
    :rtype: dictionary

    :raises NotFound: naming the members that there are, or if no signed feed of it was read
    """
    tk.check_access("citizendata_member_feed_show", context, data_dict)
    return feed_shown(member_named(tk.get_or_bust(data_dict, "id")).id)


def citizendata_member_key_trust(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Accept the key with which a member's feed came signed though the key before it doesn't say so.

    What is signed by the key before it is refused from now on, and all of the feed is read again.

    :param id: name of the member
    :type id: string
    :param key: the name of the key that waits, as the member's people tell it
    :type key: string

    :returns: what is known of the feed, as `citizendata_member_feed_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are, or if no signed feed of it was read
    :raises ValidationError: if another key waits, or none
    """
    tk.check_access("citizendata_member_key_trust", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    trusted(member.id, str(tk.get_or_bust(data_dict, "key")).strip())
    return feed_shown(member.id)


def citizendata_member_epoch_approve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let a member's feed count anew, as it does after a restore from a backup; all of it is read again.

    :param id: name of the member
    :type id: string
    :param epoch: the number of the count that waits
    :type epoch: int

    :returns: what is known of the feed, as `citizendata_member_feed_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are, or if no signed feed of it was read
    :raises ValidationError: if another count waits, or none
    """
    tk.check_access("citizendata_member_epoch_approve", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    tk.get_or_bust(data_dict, "epoch")
    approved(member.id, number_asked(data_dict, "epoch", 0))
    return feed_shown(member.id)
