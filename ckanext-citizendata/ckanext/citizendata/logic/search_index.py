"""What search knows of a dataset beyond its texts: the codes of its facets, and their labels in every language."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import reader_language

# The stock Solr schema keeps `vocab_*` as several exact strings.
PREFIX = "vocab_"
# Of CKAN's own facets these fit; tags, groups and licences of whole datasets don't exist here.
KEPT = ("organization", "res_format")


def with_facets(document: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with the codes of each facet, and the labels of these codes among its words.

    Reads the package as it may be shown, so that a field which was taken out of it is in no facet either.
    """
    package = json.loads(document["validated_data_dict"])
    words = [*_as_list(document.get("text"))]
    codes: dict[str, list[str]] = {}
    for field in _facet_fields():
        codes[PREFIX + field.name] = chosen = _as_list(package.get(field.name))
        words += _labels(_vocabulary(field), chosen)
    return {**document, **codes, "text": words}


def facet_label(facet: str, code: str, language: str) -> str:
    """What a person reads instead of a facet's code; the code itself for a facet that isn't ours."""
    field = next((field for field in _facet_fields() if PREFIX + field.name == facet), None)
    return _vocabulary(field).label(code, language) if field else code


class SearchPage:
    """The part of the plugin for the search page: IFacets, and labels in the answer of `package_search`."""

    def dataset_facets(self, facets_dict: OrderedDict[str, Any], package_type: str) -> OrderedDict[str, Any]:
        return _facets(facets_dict) if package_type == dataset_type() else facets_dict

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


def _facets(before: Mapping[str, Any]) -> OrderedDict[str, Any]:
    ours = ((PREFIX + field.name, tk.h.scheming_language_text(field.label)) for field in _facet_fields())
    kept = ((name, before[name]) for name in KEPT if name in before)
    return OrderedDict([*ours, *kept])


def _facet_fields() -> Iterator[Field]:
    return (field for field in catalogue_model.load().schema.fields if field.facet and not field.closed)


def _vocabulary(field: Field) -> Vocabulary:
    return catalogue_model.load().vocabularies[str(field.vocabulary)]


def _labels(vocabulary: Vocabulary, codes: Sequence[str]) -> Iterator[str]:
    concepts = (concept for code in codes if (concept := vocabulary.by_code(code)))
    return (label for concept in concepts for label in concept.labels.values())


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
