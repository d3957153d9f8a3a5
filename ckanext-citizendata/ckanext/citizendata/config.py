"""One typed reader for each option of this extension."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def base_iri() -> str:
    """The first part of the permanent addresses that this site mints, without a final slash."""
    return str(tk.config.get("ckanext.citizendata.base_iri") or tk.config["ckan.site_url"]).rstrip("/")


def invented_example() -> bool:
    """Whether every page says that the records are invented, as in the demo."""
    return bool(tk.config.get("ckanext.citizendata.invented_example"))


def text_languages() -> tuple[str, ...]:
    """The languages in which the form offers a box for each text, by BCP 47 tag."""
    return tuple(tk.config.get("ckanext.citizendata.text_languages"))
