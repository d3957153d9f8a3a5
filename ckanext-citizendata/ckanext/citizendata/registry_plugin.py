"""What the shared registry has beyond a national catalogue: members and their harvest."""

from __future__ import annotations

import ckan.plugins as p


class CitizendataRegistryPlugin(p.SingletonPlugin):
    """Marks a site as a registry; its commands and pages are there only where it is enabled."""
