"""The RDF profile that ckanext-dcat loads by the name `citizendata`, after one of its own.

On a site of ours it writes the stored record. On a stock site, where the package is installed and the plugin isn't
enabled, it maps the package to statements and statements to the package by the shipped schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins as p
from ckanext.dcat.profiles import RDFProfile
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.term import Node

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.following import LINKS
from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, package_from_fragment
from ckanext.citizendata.core.tokens import value_of
from ckanext.citizendata.feeds.catalogue import head_rendered
from ckanext.citizendata.feeds.dataset import dataset_rendered, fragment_rendered
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.feeds.face import N_TRIPLES
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_head
from ckanext.citizendata.logic.feeds.entries import dataset_from_row, entry_from_row
from ckanext.citizendata.model import place

__all__ = ["CitizendataProfile"]

# The statements of what these lead to are somebody else's; a class is no part of a dataset.
NOT_FOLLOWED = {URIRef(value_of(link)) for link in LINKS} | {URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")}
# ckanext-dcat's own profile reads these better for a stock site, or CKAN decides them.
STOCK = frozenset({"title", "notes", "resources", "publisher", "uri", "url", "version", "name", "language"})


class CitizendataProfile(RDFProfile):
    """Both directions of a citizen-data record; what is already in the package or the graph stays."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> dict[str, Any]:
        """The package with the fields of ours that the statements say: as fields of a schema, else as extras."""
        text = _ntriples(self._described(dataset_ref))
        read = package_from_fragment(catalogue_model.load().public, str(dataset_ref), text).package
        fields = {field["field_name"] for field in (self._dataset_schema or {}).get("dataset_fields", ())}
        for name, value in read.items():
            if name in fields:
                dataset_dict[name] = value
            elif name not in STOCK:
                _set_extra(dataset_dict, name, value)
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Adds the record's statements; on a site of ours with its catalogue record, where it is for everyone."""
        body = _stored(dataset_dict["id"]) if p.plugin_loaded("citizendata") else _mapped(dataset_dict, dataset_ref)
        self.g += Graph().parse(data=body, format="nt")

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: URIRef) -> None:  # noqa: ARG002
        """Adds what the catalogue says about itself, under the name that ckanext-dcat gives it."""
        if p.plugin_loaded("citizendata"):
            self.g += Graph().parse(data=head_rendered(catalogue_head(None), str(catalog_ref)).body, format="nt")

    def _described(self, dataset_ref: Node) -> Graph:
        """What the graph says of the dataset, and of what belongs to it."""
        found = Graph()
        waiting, met = [dataset_ref], {dataset_ref}
        while waiting:
            node = waiting.pop()
            for _, predicate, target in self.g.triples((node, None, None)):  # pyright: ignore[reportAttributeAccessIssue]
                found.add((node, predicate, target))
                if predicate not in NOT_FOLLOWED and target not in met:
                    met.add(target)
                    waiting.append(target)
        return found


def _stored(package_id: str) -> bytes | str:
    row = place.of_package(package_id)
    if row is None:
        return ""
    entry = entry_from_row(row)
    if isinstance(entry, Dataset):
        return dataset_rendered(entry, N_TRIPLES).body
    return fragment_rendered(dataset_from_row(row), N_TRIPLES).body


def _mapped(dataset_dict: Mapping[str, Any], dataset_ref: URIRef) -> str:
    extras = {each["key"]: _loaded(each["value"]) for each in dataset_dict.get("extras") or ()}
    package = {**{key: _loaded(value) for key, value in dataset_dict.items()}, **extras}
    ours = {key: value for key, value in package.items() if key not in STOCK}
    return fragment_from_package(catalogue_model.load().public, ours, Subject(str(dataset_ref)))


def _ntriples(graph: Graph) -> str:
    return ntriples_from_graph(
        quad.triple for quad in parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES, lenient=True)
    )


def _set_extra(dataset_dict: dict[str, Any], name: str, value: Any) -> None:
    extras = [each for each in dataset_dict.get("extras", ()) if each["key"] != name]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    dataset_dict["extras"] = [*extras, {"key": name, "value": text}]


def _loaded(value: Any) -> Any:
    """The list or object that a text of a stock site holds as JSON; any other value as it is."""
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
