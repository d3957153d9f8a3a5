"""What this site's catalogue says about itself, from its options."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.core.terms import EU_LANGUAGE
from ckanext.citizendata.feeds.entry import Agent, CatalogueHead

__all__ = ["catalogue_address", "catalogue_head", "catalogue_path", "site_address"]


def catalogue_head(modified: datetime | None) -> CatalogueHead:
    """Title and description in the site's language, publisher, licence and languages as far as they are set."""
    iri = f"{config.base_iri()}/catalog"
    language = str(tk.config.get("ckan.locale_default") or "en").replace("_", "-")
    title = str(tk.config.get("ckan.site_title") or tk.config["ckan.site_url"])
    description = str(tk.config.get("ckan.site_description") or title)
    publisher = Agent(f"{iri}#publisher", config.publisher_name() or title, config.publisher_url())
    return CatalogueHead(
        iri=iri,
        titles={language: title},
        descriptions={language: description},
        publisher=publisher,
        homepage=site_address(),
        languages=tuple(EU_LANGUAGE[code].value for code in config.metadata_languages()),
        licence=config.metadata_licence(),
        modified=modified,
    )


def site_address() -> str:
    """The address of the front page, without a language and without a final slash."""
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "")
    return str(tk.config["ckan.site_url"]).rstrip("/") + root.rstrip("/")


def catalogue_address(suffix: str) -> str:
    """Where the catalogue is in the face of this ending."""
    return site_address() + catalogue_path().replace("{_format}", suffix)


def catalogue_path() -> str:
    """The path of the catalogue with `{_format}` for the ending; ckanext-dcat's option."""
    return str(tk.config.get("ckanext.dcat.catalog_endpoint") or "/catalog.{_format}")
