"""One typed reader for each option of this extension."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def base_iri() -> str:
    """The first part of the permanent addresses that this site mints, without a final slash."""
    return str(tk.config.get("ckanext.citizendata.base_iri") or tk.config["ckan.site_url"]).rstrip("/")
