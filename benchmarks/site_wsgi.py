"""The WSGI application of the site whose configuration file `CITIZENDATA_CONFIG` names, stock's or ours.

It runs in the environment of either site, so it imports CKAN alone.
"""

from __future__ import annotations

import os
import sys

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

__all__ = ["application"]

application = make_app(CKANConfigLoader(os.environ["CITIZENDATA_CONFIG"]).get_config())
# `benchmarks.web_server` waits for it.
print("this worker serves", file=sys.stderr, flush=True)
