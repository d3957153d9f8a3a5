"""The blueprints of this extension; registered before those of CKAN, so that of two equal addresses ours answers."""

from __future__ import annotations

from ckanext.citizendata.views.accounts import accounts
from ckanext.citizendata.views.citations import citations
from ckanext.citizendata.views.coverage import coverage
from ckanext.citizendata.views.dataset_form import dataset_form
from ckanext.citizendata.views.front import front
from ckanext.citizendata.views.model import model
from ckanext.citizendata.views.open_feeds import open_feeds
from ckanext.citizendata.views.organisation_form import organisation_form
from ckanext.citizendata.views.packed import packed
from ckanext.citizendata.views.quick_record import quick_record
from ckanext.citizendata.views.rdf import rdf
from ckanext.citizendata.views.record import record
from ckanext.citizendata.views.rounds import rounds
from ckanext.citizendata.views.sheet import sheet
from ckanext.citizendata.views.sitemap import sitemap
from ckanext.citizendata.views.statement import statement
from ckanext.citizendata.views.structured_data import structured_data
from ckanext.citizendata.views.suggest import suggest
from ckanext.citizendata.views.topics import topics
from ckanext.citizendata.views.well_known import well_known

__all__ = [
    "citations",
    "coverage",
    "accounts",
    "dataset_form",
    "front",
    "model",
    "open_feeds",
    "organisation_form",
    "packed",
    "quick_record",
    "rdf",
    "record",
    "rounds",
    "sheet",
    "sitemap",
    "statement",
    "structured_data",
    "suggest",
    "topics",
    "well_known",
]
