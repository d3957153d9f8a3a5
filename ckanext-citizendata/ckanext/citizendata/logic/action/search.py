"""Search by words; what is found, and who may see it, is CKAN's to say."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.citizendata.logic.finding.search_down import pages_say_so
from ckanext.citizendata.logic.finding.searching import searched

__all__ = ["package_search"]


@tk.chained_action
@tk.side_effect_free
def package_search(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN's action; plain words in `q` find forms of the words, names of codes in every language, and what is wider.

    Where no record has all words, the answer holds those that come near, also in spite of slips of the finger.

    :param q: words, phrases between quotes, `-word` for what must not be there; or a query in Solr's syntax with a
        field (`title:water`), which goes on as it came, like one beside `defType`, `qf` or `mm`.
    """
    with pages_say_so():
        return searched(lambda asked: next_action(context, {**asked}), data_dict)
