"""Texts of CKAN that its own French or Arabic leaves in English: translated in our catalogues, which win."""

from __future__ import annotations

from ckanext.citizendata.core.conformance.wording import N_

__all__ = ["TEXTS"]

TEXTS = (
    N_("Account"),
    N_("Breadcrumb"),
    N_("Dataset not found or you have no permission to view it"),
    N_("Profile settings"),
    N_("Search Datasets..."),
    N_("Skip to main content"),
    N_("Submit"),
    N_("There are currently no groups for this site."),
    N_("There is no description for this organization."),
    N_("Toggle navigation"),
    N_("Username or Email"),
    N_("View dashboard"),
)
