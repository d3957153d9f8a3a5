"""How a catalogue is connected: what its people do, and where this one can be read."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata import config

__all__ = ["front"]

front = Blueprint("citizendata_front", __name__)


@front.get("/connect")
def connect() -> ResponseReturnValue:
    """The three ways in, for the people of another catalogue, and the addresses of this one."""
    people = {"name": config.publisher_name() or tk.config["ckan.site_title"], "url": config.publisher_url()}
    return tk.render("citizendata/connect.html", extra_vars={"people": people})
