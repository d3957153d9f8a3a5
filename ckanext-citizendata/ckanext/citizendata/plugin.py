"""The plugin of every site: a national catalogue alone, or a registry together with `citizendata_registry`."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation
from ckanext.dcat.interfaces import IDCATURIGenerator

from ckanext.citizendata.logic.feeds import feed_jobs, feed_retiring
from ckanext.citizendata.logic.feeds.iris import DcatIris
from ckanext.citizendata.logic.finding.search_choices import Choices
from ckanext.citizendata.logic.labels import PermissionLabels, refuse_other_labels
from ckanext.citizendata.logic.plugin_order import refuse_wrong_order
from ckanext.citizendata.logic.record_hooks import RecordHooks
from ckanext.citizendata.logic.values.scheming import use_site_schemas
from ckanext.citizendata.views.expired import say_that_page_is_expired
from ckanext.citizendata.views.feed_files import FeedFiles
from ckanext.citizendata.views.lasting_assets import LastingAssets
from ckanext.citizendata.views.search_away import say_that_search_fails


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class CitizendataPlugin(RecordHooks, Choices, PermissionLabels, DcatIris, DefaultTranslation, p.SingletonPlugin):
    """Schema, records, publishing rules, RDF and search of one site."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IConfigurable)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(IDCATURIGenerator)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IOrganizationController, inherit=True)
    p.implements(p.IDomainObjectModification, inherit=True)

    def update_config(self, config: Any) -> None:
        use_site_schemas(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "citizendata")

    def configure(self, config: Any) -> None:
        refuse_wrong_order(config["ckan.plugins"])
        refuse_other_labels()
        feed_retiring.watch()
        feed_jobs.watch()

    def make_middleware(self, app: Any, config: Any) -> Any:  # noqa: ARG002 - CKAN's own signature
        say_that_search_fails(app)
        say_that_page_is_expired(app)
        app.wsgi_app = FeedFiles(LastingAssets(app.wsgi_app))
        return app
