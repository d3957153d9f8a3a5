"""What search knows of a dataset beyond its texts: the codes of its facets with all wider ones, and their words."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.search_fields import PREFIX, REGION, Facet, coded_fields, facets
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.core.widening import reached, widened
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
# No answer, and the region that holds every country: they are no words to find a record by.
WORDLESS = {REGION: "001"}
UNKNOWN = "unknown"


def with_facets(document: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with the codes of each facet and all that is wider, and their names among its words.

    So who filters by Africa finds Kenya, by a Goal its targets. Reads the package as it may be shown: a field which was
    taken out of it is in no facet either.
    """
    package = json.loads(document["validated_data_dict"])
    known_facets = _facets()
    chosen = {field.name: _codes(package.get(field.name)) for field in coded_fields(site_model.model().schema)}
    above = _above(chosen)
    codes: dict[str, list[str]] = {}
    for facet in known_facets:
        own = widened(site_model.vocabulary(facet.vocabulary), chosen.get(facet.name, ()))
        known = dict.fromkeys((*own, *above.get(facet.vocabulary, ())))
        codes[facet.solr_field] = [code for code in known if code != WORDLESS.get(facet.name)]
    return {**document, **codes, "text": [*_as_list(document.get("text")), *_words(chosen, above)]}


def facet_label(facet: str, code: str, language: str) -> str:
    """What a person reads instead of a facet's code; the code itself for a facet that isn't ours."""
    found = next((known for known in _facets() if known.solr_field == facet), None)
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


def _above(chosen: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    """By list, what is wider than the chosen codes of other lists."""
    by_list: dict[str, list[str]] = {}
    for field in coded_fields(site_model.model().schema):
        by_list.setdefault(str(field.vocabulary), []).extend(chosen[field.name])
    lists = {*by_list, *(facet.vocabulary for facet in _facets())}
    return reached({name: site_model.vocabulary(name) for name in lists}, by_list)


def _words(chosen: Mapping[str, list[str]], above: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What people call the codes and the wider ones, in every language."""
    known: set[tuple[str, str]] = set()
    for field in coded_fields(site_model.model().schema):
        name = str(field.vocabulary)
        known |= {(name, code) for code in widened(site_model.vocabulary(name), chosen[field.name])}
    known |= {(name, code) for name, codes in above.items() for code in codes}
    for name, code in sorted(known):
        if code not in (UNKNOWN, WORDLESS.get(name)):
            yield from _names(site_model.vocabulary(name), code)


def _names(vocabulary: Vocabulary, code: str) -> Iterator[str]:
    concept = vocabulary.by_code(code)
    if concept:
        yield from concept.labels.values()
        for others in concept.alt_labels.values():
            yield from others


def _codes(value: Any) -> list[str]:
    return [code for code in _as_list(value) if isinstance(code, str)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
