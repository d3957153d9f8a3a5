"""The RDF of one dataset, for whoever asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.feeds.dataset import dataset_rendered, fragment_rendered, grave_rendered
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.feeds.answer import Answer, Damaged, refusal
from ckanext.citizendata.logic.feeds.entries import dataset_from_row, entry_from_row
from ckanext.citizendata.logic.feeds.signposts import signposts_of_rdf
from ckanext.citizendata.model import place, public_change

__all__ = ["dataset_answer", "is_of_other_type"]

log = logging.getLogger(__name__)


def is_of_other_type(reference: str) -> bool:
    """Whether a package by that name or id is none of ours, so that ckanext-dcat answers for it."""
    package = model.Package.get(reference)
    return package is not None and package.type != own_type.dataset_type()


def dataset_answer(reference: str, face: Face, context: dict[str, Any]) -> Answer:
    """The dataset, its own people's view, its tombstone, or one 404 for all that isn't there or isn't shown."""
    row = _row(reference)
    if row is None:
        return _nothing()
    entry = entry_from_row(row)
    if isinstance(entry, Dataset):
        tag = revision(face.suffix, "open", *_parts(entry))
        rendering = partial(_rendered, dataset_rendered, entry, face)
        links = signposts_of_rdf(entry.iri, row.package_id)
        return Answer(200, rendering, revision=tag, modified=_modified(row), links=links)
    if _may_see(row.package_id, context):
        dataset = dataset_from_row(row)
        tag = revision(face.suffix, "own", *_parts(dataset))
        return Answer(200, partial(_rendered, fragment_rendered, dataset, face), revision=tag, private=True)
    if isinstance(entry, Grave):
        return Answer(410, partial(grave_rendered, entry, face))
    if row.waits and row.public_since and row.state == LIVE and audiences.is_open(row.audience):
        return refusal(503, tk._("This dataset is being brought up to date. Ask again in a few seconds."))
    return _nothing()


def _row(reference: str) -> sa.Row[Any] | None:
    package = own_type.own_package(reference)
    # A purged package has no row of CKAN any more; its record goes by its id.
    return place.of_package(package.id if package else reference)


def _modified(row: sa.Row[Any]) -> datetime | None:
    """When the record changed last; None where a date, which counts seconds, can't tell two of its states apart.

    So it is of what came through other sites, since the list of those may change without a change of the record.
    """
    moments = [at.replace(microsecond=0) for at in public_change.last_moments(row.package_id)]
    return moments[0] if moments and len(set(moments)) == len(moments) and not row.hops else None


def _may_see(package_id: str, context: dict[str, Any]) -> bool:
    """Whether a signed-in reader may see what isn't for everyone; an anonymous one never does."""
    if not context.get("user"):
        return False
    try:
        return bool(tk.check_access("package_show", {**context}, {"id": package_id}))  # type: ignore
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def _parts(dataset: Dataset) -> tuple[object, ...]:
    return dataset.iri, dataset.record, dataset.issued, dataset.modified, dataset.custody, dataset.fragment


def _rendered(render: Callable[[Dataset, Face], Rendering], dataset: Dataset, face: Face) -> Rendering:
    try:
        return render(dataset, face)
    except SyntaxError as error:
        log.exception("The stored RDF of %s can't be read; `ckan citizendata rebuild` writes it anew", dataset.iri)
        sentence = tk._("The RDF of this dataset is damaged; whoever runs this site finds the reason in the log.")
        raise Damaged(sentence) from error


def _nothing() -> Answer:
    return refusal(404, tk._("There is no such dataset here, or you may not see it."))
