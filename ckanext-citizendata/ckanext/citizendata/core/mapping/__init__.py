"""Packages and fragments of records, each from the other, driven by the schema alone."""

from ckanext.citizendata.core.mapping.model import Agent, Model, Subject
from ckanext.citizendata.core.mapping.read import Projection, package_from_fragment
from ckanext.citizendata.core.mapping.revise import revised_residue
from ckanext.citizendata.core.mapping.write import fragment_from_package, own_statements

__all__ = [
    "Agent",
    "Model",
    "Projection",
    "Subject",
    "fragment_from_package",
    "own_statements",
    "package_from_fragment",
    "revised_residue",
]
