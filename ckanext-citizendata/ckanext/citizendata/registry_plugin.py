"""What the shared registry has beyond a national catalogue: members and their harvest."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.citizendata import config as options
from ckanext.citizendata.logic.action import harvest as harvest_actions
from ckanext.citizendata.logic.action import member as member_actions
from ckanext.citizendata.logic.auth import member as member_auth


def _actions() -> dict[str, Any]:
    """The actions by name: those of members and those of their harvests."""
    return {name: getattr(module, name) for module in (harvest_actions, member_actions) for name in module.__all__}


@tk.blanket.actions(_actions)
@tk.blanket.auth_functions(member_auth)
class CitizendataRegistryPlugin(p.SingletonPlugin):
    """Marks a site as a registry; its actions and commands are there only where it is enabled."""

    p.implements(p.IConfigurable)

    def configure(self, config: Any) -> None:  # noqa: ARG002 - the options are read where CKAN keeps them
        # A wrong value stops the start with its name, not each harvest with a traceback.
        options.harvest_networks()
        options.harvest_ports()
