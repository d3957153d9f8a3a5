"""All checks of a site, in the order in which a reader meets what they are about."""

from __future__ import annotations

from datetime import datetime

from ckanext.citizendata.feeds.protocol.finding import Check, Get
from ckanext.citizendata.feeds.protocol.pages import Told, page_checks
from ckanext.citizendata.feeds.protocol.signed import manifest_checks
from ckanext.citizendata.feeds.protocol.well_known import PATH, Described, described

__all__ = ["site_checks"]


def site_checks(get: Get, address: str, now: datetime, told: Told) -> list[Check]:
    """The checks of the site at this address, or of a manifest alone where it is the address of one.

    What builds on a failed check is left out: pages of a manifest that isn't signed say nothing of the site.
    """
    if address.rstrip("/").endswith("/manifest"):
        checks, said = [], Described(address)
    else:
        checks, said = described(get, address.rstrip("/").removesuffix(PATH))
    if said is None:
        return checks
    of_manifest, manifest = manifest_checks(get, said, now)
    checks += of_manifest
    return [*checks, *page_checks(get, manifest, said.manifest, told)] if manifest else checks
