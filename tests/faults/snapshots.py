"""The registry's own feed as a reader of the protocol sees it: the signed manifest, and every page by its hash."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, manifest_from_json
from ckanext.citizendata.core.signature import PublicKey
from tests.faults.lab import Lab

__all__ = ["MANIFEST", "Snapshot", "cut", "page_path", "snapshot"]

MANIFEST = "/feed/everyone/manifest"
TITLE = "http://purl.org/dc/terms/title"
TOMBSTONE = "https://w3id.org/citizen-data/ns#tombstone"


@dataclass(frozen=True)
class Snapshot:
    """What the feed says now: titles by dataset, and how many records are tombstones."""

    text: str
    manifest: Manifest
    titles: dict[str, str]
    tombstones: int

    @property
    def sequence(self) -> int:
        """Its number."""
        return self.manifest.sequence


def page_path(digest: str) -> str:
    """Where a page is."""
    return f"/feed/everyone/pages/{digest}.nq"


def cut(lab: Lab) -> Snapshot:
    """The feed after all that is settled was brought into it."""
    lab.ask("cut")
    return snapshot(lab)


def snapshot(lab: Lab) -> Snapshot:
    """The feed as it is served. Raises `AssertionError` where anything of it doesn't hold."""
    _, known = lab.read("/.well-known/citizendata")
    _, text = lab.read(MANIFEST)
    manifest = manifest_from_json(PublicKey(json.loads(known)["key"]["x"]).verified(text.strip(), MANIFEST_TYPE))
    titles: dict[str, str] = {}
    graves = 0
    for page in manifest.pages:
        _, body = lab.read(page_path(page.sha256))
        assert sha256(body.encode()).hexdigest() == page.sha256, f"the page {page.sha256} has another hash"
        graves += _read(body, titles)
    assert (len(titles), graves) == (manifest.datasets, manifest.tombstones), (
        f"the pages have {len(titles)} datasets and {graves} tombstones, not {manifest.datasets}, {manifest.tombstones}"
    )
    return Snapshot(text, manifest, titles, graves)


def _read(body: str, titles: dict[str, str]) -> int:
    """Adds the titles of a page, and counts its tombstones."""
    graves, topics = set(), _topics(body)
    for quad in parse(io.StringIO(body), format=RdfFormat.N_QUADS):
        if quad.predicate.value == TITLE and quad.subject.value in topics:  # type: ignore[union-attr]
            titles[quad.subject.value] = quad.object.value  # type: ignore[union-attr]
        if quad.predicate.value == TOMBSTONE:
            graves.add(quad.graph_name)
    return len(graves)


def _topics(body: str) -> set[str]:
    """The datasets that stand on a page."""
    is_dataset = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> "
    return {line[1:].partition(">")[0] for line in body.splitlines() if is_dataset in line}
