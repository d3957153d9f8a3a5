"""What search knows of a dataset beyond CKAN's own fields, and the labels of what it found."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.projecting import SearchWords, search_words
from ckanext.citizendata.core.search_fields import PREFIX, REGION, Facet, facets
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import reader_language

# Of CKAN's own facets these fit; tags, groups and licences of whole datasets don't exist here.
KEPT = ("organization", "res_format")
# In this order what people look for first: where, about whom, on what, may I have it and read it, whose is it, is it
# any good, what is it. More than twelve lists with CKAN's two make nobody choose; the others are facets of the API, of
# the addresses of this page and, when chosen, of the page itself. What a site adds is always in sight.
SHOWN = (
    "country",
    REGION,
    "population_group",
    "sdg_goal",
    "access_rights",
    "language",
    "initiator_kind",
    "integration_status",
    "quality_status",
    "data_kind",
)
# Long lists that come into sight below a chosen entry of the list above.
NEXT = {"sdg_goal": "sdg_target", "sdg_target": "sdg_indicator"}


def with_facets(document: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with the codes of each facet and all that is wider, and its texts by language.

    So who filters by Africa finds Kenya, by a Goal its targets. Reads the package as it may be shown: a field which was
    taken out of it is in no facet either.
    """
    return with_codes(document, json.loads(document["validated_data_dict"]), search_words(site_model.model()))


def with_codes(document: Mapping[str, Any], shown: Mapping[str, Any], words: SearchWords) -> dict[str, Any]:
    """`with_facets` for a package that is at hand, as it may be shown."""
    return {**document, **words.of(shown)}


def facet_label(facet: str, code: str, language: str) -> str:
    """What a person reads instead of a facet's code; the code itself for a facet that isn't ours."""
    found = site_model.model().kept(_by_solr_field).get(facet)
    return site_model.vocabulary(found.vocabulary).label(code, language) if found else code


class SearchPage:
    """The part of the plugin for the search page: IFacets, and labels in the answer of `package_search`."""

    def dataset_facets(self, facets_dict: OrderedDict[str, Any], package_type: str) -> OrderedDict[str, Any]:
        return _facets_in_sight(facets_dict) if package_type == dataset_type() else facets_dict

    def organization_facets(
        self,
        facets_dict: OrderedDict[str, Any],
        organization_type: str,  # noqa: ARG002
        package_type: str | None,
    ) -> OrderedDict[str, Any]:
        return self.dataset_facets(facets_dict, package_type or dataset_type())

    def group_facets(
        self,
        facets_dict: OrderedDict[str, Any],
        group_type: str,  # noqa: ARG002
        package_type: str | None,
    ) -> OrderedDict[str, Any]:
        return self.dataset_facets(facets_dict, package_type or dataset_type())

    def after_dataset_search(self, search_results: dict[str, Any], _params: dict[str, Any]) -> dict[str, Any]:
        language = reader_language()
        for facet, found in search_results.get("search_facets", {}).items():
            if facet.startswith(PREFIX):
                for item in found["items"]:
                    item["display_name"] = facet_label(facet, item["name"], language)
        return search_results


def _facets_in_sight(before: Mapping[str, Any]) -> OrderedDict[str, Any]:
    chosen = {name.removeprefix(PREFIX) for name in tk.request.args} if has_request_context() else set()
    shipped = {field.name for field in catalogue_model.load().schema.fields}
    wanted = {*SHOWN, *chosen, *(NEXT[name] for name in chosen if name in NEXT)}
    ours = (facet for facet in _facets() if facet.name in wanted or facet.name not in shipped)
    kept = ((name, before[name]) for name in KEPT if name in before)
    return OrderedDict([*((each.solr_field, tk.h.scheming_language_text(each.label)) for each in ours), *kept])


def _facets() -> list[Facet]:
    """All facets of this site, those that are always in sight first."""
    places = {name: place for place, name in enumerate(SHOWN)}
    return sorted(facets(site_model.model()), key=lambda facet: places.get(facet.name, len(places)))


def _by_solr_field(model: Model) -> dict[str, Facet]:
    return {facet.solr_field: facet for facet in facets(model)}
