"""The WSGI application of the site whose configuration file `CITIZENDATA_CONFIG` names."""

from __future__ import annotations

import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

from ckanext.citizendata.logic.harvesting.jobs import schedule

__all__ = ["application"]

application = make_app(CKANConfigLoader(os.environ["CITIZENDATA_CONFIG"]).get_config())
# The same as `ckan citizendata schedule`, without starting CKAN once more.
schedule()
