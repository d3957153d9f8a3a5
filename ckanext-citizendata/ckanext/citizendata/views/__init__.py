"""The blueprints of this extension; registered before those of CKAN, so that of two equal addresses ours answers."""

from __future__ import annotations

from ckanext.citizendata.views.dataset_form import dataset_form
from ckanext.citizendata.views.model import model
from ckanext.citizendata.views.organisation_form import organisation_form
from ckanext.citizendata.views.rdf import rdf
from ckanext.citizendata.views.record import record
from ckanext.citizendata.views.rounds import rounds
from ckanext.citizendata.views.statement import statement

__all__ = ["dataset_form", "model", "organisation_form", "rdf", "record", "rounds", "statement"]
