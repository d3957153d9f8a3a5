"""The site of the tests as gunicorn serves it; `CITIZENDATA_CONFIG` names its configuration file."""

from __future__ import annotations

import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

application = make_app(CKANConfigLoader(os.environ["CITIZENDATA_CONFIG"]).get_config())
