"""The blueprints of this extension; registered before those of CKAN, so that of two equal addresses ours answers."""

from __future__ import annotations

from ckanext.citizendata.views.dataset_form import dataset_form
from ckanext.citizendata.views.model import model
from ckanext.citizendata.views.open_feeds import open_feeds
from ckanext.citizendata.views.organisation_form import organisation_form
from ckanext.citizendata.views.rdf import rdf
from ckanext.citizendata.views.record import record
from ckanext.citizendata.views.rounds import rounds
from ckanext.citizendata.views.sitemap import sitemap
from ckanext.citizendata.views.statement import statement
from ckanext.citizendata.views.structured_data import structured_data
from ckanext.citizendata.views.well_known import well_known

__all__ = [
    "dataset_form",
    "model",
    "open_feeds",
    "organisation_form",
    "rdf",
    "record",
    "rounds",
    "sitemap",
    "statement",
    "structured_data",
    "well_known",
]
