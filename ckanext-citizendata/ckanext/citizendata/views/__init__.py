"""The blueprints of this extension; CKAN registers them before its own, so that an address of ours wins over the same one of CKAN."""

from __future__ import annotations

from ckanext.citizendata.views.dataset_form import dataset_form
from ckanext.citizendata.views.rdf import rdf
from ckanext.citizendata.views.record import record

__all__ = ["dataset_form", "rdf", "record"]
