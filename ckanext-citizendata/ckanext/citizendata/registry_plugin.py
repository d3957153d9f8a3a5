"""What the shared registry has beyond a national catalogue: members and their harvest."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.citizendata.logic.action import member as member_actions
from ckanext.citizendata.logic.auth import member as member_auth


@tk.blanket.actions(member_actions)
@tk.blanket.auth_functions(member_auth)
class CitizendataRegistryPlugin(p.SingletonPlugin):
    """Marks a site as a registry; its actions and commands are there only where it is enabled."""
