"""ckanext-dcat's three actions, with the same bodies as at the addresses; other package types go on to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError

from ckanext.citizendata.feeds.face import FACES, Face, face_from_suffix
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.feeds.answer import Answer
from ckanext.citizendata.logic.feeds.catalogue_rdf import catalogue_answer, refused_profiles
from ckanext.citizendata.logic.feeds.dataset_rdf import dataset_answer, is_of_other_type

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

Action = Callable[[Any, dict[str, Any]], str]
AWAY = 503


@tk.chained_action
@tk.side_effect_free
def dcat_dataset_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """The RDF of a dataset that the caller may see.

    :param id: name or id of the dataset.
    :param format: `ttl`, `rdf`, `xml` (when absent), `jsonld`, `nt` or `n3`.
    :returns: the text of the RDF.
    :raises ObjectNotFound: as `package_show`.
    """
    reference = tk.get_or_bust(data_dict, "id")
    if is_of_other_type(reference):
        return next_action(context, data_dict)
    _require_visible(context, data_dict)
    refused = refused_profiles(data_dict.get("profiles"))
    return _text(refused or dataset_answer(reference, _face(data_dict), context))


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """One page of the catalogue as everyone reads it, whoever calls.

    :param page: number of the page, from 1.
    :param modified_since: a date or time; only what changed since, tombstones included.
    :param q: as in `package_search`.
    :param fq: as in `package_search`.
    :param format: `ttl`, `rdf`, `xml` (when absent), `jsonld`, `nt` or `n3`.
    :returns: the text of the RDF.
    :raises ValidationError: for a parameter that can't be understood.
    :raises SearchError: while the search engine is away.
    """
    tk.check_access("dcat_catalog_show", context, data_dict)
    return _catalogue(next_action, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Action, context: Any, data_dict: dict[str, Any]) -> str:
    """The same as `dcat_catalog_show`."""
    tk.check_access("dcat_catalog_search", context, data_dict)
    return _catalogue(next_action, data_dict)


def _require_visible(context: Any, data_dict: dict[str, Any]) -> None:
    try:
        tk.check_access("dcat_dataset_show", context, data_dict)
    except tk.NotAuthorized as error:
        raise tk.ObjectNotFound from error


def _catalogue(next_action: Action, data_dict: dict[str, Any]) -> str:
    def stock(parameters: dict[str, Any]) -> str:
        return next_action(nobody(), parameters)

    answer = catalogue_answer(data_dict, _face(data_dict), stock)
    if answer.status == AWAY:
        raise SearchError(answer.sentence)
    return _text(answer)


def _face(data_dict: dict[str, Any]) -> Face:
    suffix = data_dict.get("format") or "xml"
    face = face_from_suffix(str(suffix))
    if face is None:
        known = ", ".join(each.suffix for each in FACES)
        raise tk.ValidationError({"format": [tk._("{format} is none of {known}.").format(format=suffix, known=known)]})
    return face


def _text(answer: Answer) -> str:
    if answer.status in (404, 410, 503):
        raise tk.ObjectNotFound(answer.sentence or tk._("This dataset is gone."))
    if answer.render is None:
        raise tk.ValidationError({"parameters": [answer.sentence]})
    return answer.render().body.decode("utf-8")
