"""Which pages have a look of their own, light enough for a poor line; all others look and work as CKAN made them."""

from __future__ import annotations

from ckan import model
from flask import g, has_request_context, request

from ckanext.citizendata import config
from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["own_look"]

# All blueprints of ours are called so.
OURS = "citizendata_"
# It hands packages of other types on to CKAN's own form, with its scripts.
FORM = "citizendata_form"
# Where an address leads nowhere, CKAN has looked for a file; the page is one sentence.
NOWHERE = (None, "static")
# CKAN's pages that do all they do without a script.
CKANS = frozenset(
    {
        *("home.index", "home.about"),
        *("organization.index", "organization.read", "organization.about"),
        *("dashboard.datasets", "dashboard.organizations"),
        *("user.login", "user.logout", "user.logged_out_page", "user.register"),
        *("user.request_reset", "user.perform_reset"),
    }
)
# And these where they are about packages of our type.
OF_OUR_TYPE = frozenset({"search", "read", "new", "edit"})


def own_look() -> bool:
    """Whether the page that is being made has our look in place of the site's theme and CKAN's scripts."""
    if not has_request_context():
        return False
    if "citizendata_own_look" not in g:
        g.citizendata_own_look = config.own_look() and _needs_no_script(request.endpoint)
    return bool(g.citizendata_own_look)


def _needs_no_script(endpoint: str | None) -> bool:
    if endpoint in NOWHERE or endpoint in CKANS:
        return True
    blueprint, _, view = endpoint.rpartition(".")
    if blueprint == FORM or (blueprint == dataset_type() and view in OF_OUR_TYPE):
        return _is_about_ours(request.view_args or {})
    return blueprint.startswith(OURS)


def _is_about_ours(asked: dict[str, str]) -> bool:
    """Whether the package that an address names is of our type; one that isn't there counts as the address says."""
    package = model.Package.get(asked.get("id"))
    return (package.type if package else asked.get("package_type", dataset_type())) == dataset_type()
