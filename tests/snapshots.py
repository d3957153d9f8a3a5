"""Snapshots made by hand, as the cut of a site would leave them in its folder."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from pyoxigraph import RdfFormat, serialize

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.entry import Agent, CatalogueHead, Dataset, Grave
from ckanext.citizendata.feeds.head import json_from_head
from ckanext.citizendata.feeds.listing import statements_of_grave, statements_of_listing
from ckanext.citizendata.feeds.store import Store

__all__ = ["DAY", "HEAD", "SITE", "dataset_of", "page_of", "snapshot_of"]

SITE = "https://data.example.org"
HEAD = CatalogueHead(
    iri=f"{SITE}/catalog",
    titles={"en": "Citizen data"},
    descriptions={"en": "What communities count."},
    publisher=Agent(f"{SITE}/catalog#publisher", "A council of communities", "https://council.example.org/"),
    homepage=SITE,
    licence="http://publications.europa.eu/resource/authority/licence/CC0",
)
DAY = datetime(2026, 5, 1, 12, 30, tzinfo=timezone.utc)
FRAGMENT = """\
<{iri}> <http://purl.org/dc/terms/description> "Who has water, and who hasn't."@en .
<{iri}> <http://purl.org/dc/terms/temporal> _:b0 .
<{iri}> <http://purl.org/dc/terms/title> "Water points {number}"@en .
<{iri}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .
_:b0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/dc/terms/PeriodOfTime> .
_:b0 <http://www.w3.org/ns/dcat#startDate> "2023"^^<http://www.w3.org/2001/XMLSchema#gYear> .
"""


def dataset_of(number: int, more: str = "") -> Dataset:
    """A dataset with a title and a blank node; `more` may name its {iri}."""
    iri = f"{SITE}/dataset/{number:05}"
    fragment = FRAGMENT.format(iri=iri, number=number) + more.format(iri=iri)
    return Dataset(iri, f"{SITE}/record/{number:05}", fragment, DAY, DAY)


def page_of(*entries: Dataset | Grave) -> str:
    """The N-Quads of a page with these records; no two records have a blank node of one name."""
    return "".join(map(_quads, entries))


def snapshot_of(
    store: Store, sequence: int, *pages: str, current: bool = True, signer: Signer | None = None
) -> Manifest:
    """Keeps a snapshot of these pages in a store, and serves it."""
    signer = signer or Signer.new()
    listed = [_listed(store, number, page) for number, page in enumerate(pages)]
    created = DAY + timedelta(hours=sequence)
    keys = (KeyProof(signer.public),)
    feed = store.folder.name
    expires = created + timedelta(days=7)
    manifest = Manifest(HEAD.iri, feed, 1, sequence, created, expires, tuple(listed), keys, licence=HEAD.licence)
    store.put_head(sequence, json_from_head(HEAD))
    store.put_manifest(sequence, signer.signed(manifest.payload(), MANIFEST_TYPE))
    if current:
        store.make_current(sequence)
    return manifest


def _listed(store: Store, number: int, page: str) -> ManifestPage:
    content = page.encode()
    gone = page.count("<https://w3id.org/citizen-data/ns#tombstone>")
    datasets = page.count("<http://xmlns.com/foaf/0.1/primaryTopic>") - gone
    return ManifestPage(f"{number:05}" if number else "", store.put_page(content), len(content), datasets, gone)


def _quads(entry: Dataset | Grave) -> str:
    is_grave = isinstance(entry, Grave)
    listing = statements_of_grave(entry) if is_grave else statements_of_listing(entry)
    text = (serialize(listing, format=RdfFormat.N_TRIPLES) or b"").decode() + ("" if is_grave else entry.fragment)
    label = f"r{entry.record.rpartition('/')[2]}"
    lines = [line.removesuffix(" .") for line in text.split("\n") if line]
    return "".join(re.sub(r"(^| )_:", rf"\g<1>_:{label}", line) + f" <{entry.record}> .\n" for line in lines)
