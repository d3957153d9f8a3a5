"""Pages of countries, communities and goals: which data there are, whom they count, what nobody is known to have."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.pages.topics import KINDS, all_topics, topic

__all__ = ["topics"]

topics = Blueprint("citizendata_topics", __name__)

KIND = "/<any(country, community, goal):kind>/"


@topics.get(KIND)
def index(kind: str) -> ResponseReturnValue:
    """All topics of a kind, those with data first."""
    under = all_topics(KINDS[kind])
    return tk.render("citizendata/topics/index.html", extra_vars={"under": under})


@topics.get(f"{KIND}<code>")
def show(kind: str, code: str) -> ResponseReturnValue:
    """One topic."""
    found = topic(KINDS[kind], code)
    if found is None:
        return tk.abort(404, tk._("There is no such page here. The list of all leads to those that there are."))
    return tk.render("citizendata/topics/show.html", extra_vars={"topic": found})
