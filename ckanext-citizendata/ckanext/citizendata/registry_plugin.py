"""What the shared registry has beyond a national catalogue: members and their harvest."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.citizendata import config as options
from ckanext.citizendata import registry_helpers
from ckanext.citizendata.logic.action import catalogue as catalogue_actions
from ckanext.citizendata.logic.action import finding as finding_actions
from ckanext.citizendata.logic.action import harvest as harvest_actions
from ckanext.citizendata.logic.action import match as match_actions
from ckanext.citizendata.logic.action import member as member_actions
from ckanext.citizendata.logic.action import member_feed as member_feed_actions
from ckanext.citizendata.logic.action import membership as membership_actions
from ckanext.citizendata.logic.action import publisher as publisher_actions
from ckanext.citizendata.logic.auth import catalogue as catalogue_auth
from ckanext.citizendata.logic.auth import member as member_auth
from ckanext.citizendata.views.catalogues import catalogues
from ckanext.citizendata.views.decisions import decisions
from ckanext.citizendata.views.needs import needs
from ckanext.citizendata.views.ping import ping

ACTIONS = (
    catalogue_actions,
    finding_actions,
    harvest_actions,
    match_actions,
    member_actions,
    member_feed_actions,
    membership_actions,
    publisher_actions,
)


def _actions() -> dict[str, Any]:
    """The actions by name: those of catalogues, of members and of their harvests."""
    return _public(*ACTIONS)


def _auth() -> dict[str, Any]:
    """Who may call them."""
    return _public(catalogue_auth, member_auth)


def _public(*modules: Any) -> dict[str, Any]:
    return {name: getattr(module, name) for module in modules for name in module.__all__}


def _pages() -> list[Blueprint]:
    """The pages that only a registry has."""
    return [catalogues, decisions, needs, ping]


@tk.blanket.actions(_actions)
@tk.blanket.auth_functions(_auth)
@tk.blanket.blueprints(_pages)
@tk.blanket.helpers(registry_helpers)
class CitizendataRegistryPlugin(p.SingletonPlugin):
    """Marks a site as a registry; its actions and commands are there only where it is enabled."""

    p.implements(p.IConfigurable)

    def configure(self, config: Any) -> None:  # noqa: ARG002 - the options are read where CKAN keeps them
        # A wrong value stops the start with its name, not each harvest with a traceback.
        options.harvest_networks()
        options.harvest_ports()
