"""Guards of the whole site, for CKAN's own pages too; apart, so that a portal can take our datasets without them."""

from __future__ import annotations

import ckan.plugins as p
from flask import Blueprint

from ckanext.citizendata.views.guard import guard


class CitizendataGuardPlugin(p.SingletonPlugin):
    """Asks every form for its token, whoever called its address before."""

    p.implements(p.IBlueprint)

    def get_blueprint(self) -> list[Blueprint]:
        return [guard]
