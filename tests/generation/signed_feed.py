"""A signed feed as another site would publish it: records as N-Quads by hand, cut into pages below a signed list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

from ckanext.citizendata.core.manifest import KEY_TYPE, MANIFEST_TYPE, KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.signature import Signer

__all__ = ["SignedFeed", "quads", "record", "tombstone", "written"]

CATALOGUE = "https://node.example.org/catalog"
DCAT, DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TOPIC = "<http://xmlns.com/foaf/0.1/primaryTopic>"
DATE_TIME = "<http://www.w3.org/2001/XMLSchema#dateTime>"
STATUS = "<http://www.w3.org/ns/adms#status>"
WITHDRAWN = "<http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN>"
CDATA = "https://w3id.org/citizen-data/ns#"
LISTS = "https://w3id.org/citizen-data/vocabulary"


def quads(iri: str, *statements: str) -> str:
    """These statements, each without its full stop, in the graph of the record of a dataset."""
    return "".join(f"{each} <{iri}#record> .\n" for each in statements)


def record(iri: str, title: str, *more: str) -> str:
    """A dataset, listed since the start of 2026; `more` are statements without their full stop."""
    return quads(
        iri,
        f"<{iri}#record> {TYPE} <{DCAT}CatalogRecord>",
        f"<{iri}#record> {TOPIC} <{iri}>",
        f'<{iri}#record> <{DCT}modified> "2026-01-01T00:00:00Z"^^{DATE_TIME}',
        f"<{iri}#record> <{CDATA}audience> <{LISTS}/audience/everyone>",
        f"<{iri}> {TYPE} <{DCAT}Dataset>",
        f'<{iri}> <{DCT}title> "{title}"@en',
        f'<{iri}> <{DCT}description> "About {title}."@en',
        *more,
    )


def tombstone(iri: str, kind: str = "deleted") -> str:
    """What stands in place of a dataset that was taken back in May 2026."""
    return quads(
        iri,
        f"<{iri}#record> {TYPE} <{DCAT}CatalogRecord>",
        f"<{iri}#record> {TOPIC} <{iri}>",
        f'<{iri}#record> <{DCT}modified> "2026-05-01T00:00:00Z"^^{DATE_TIME}',
        f"<{iri}#record> {STATUS} {WITHDRAWN}",
        f"<{iri}#record> <{CDATA}tombstone> <{LISTS}/tombstone/{kind}>",
    )


class SignedFeed:
    """A feed that changes: set what is to be different, and ask for its files."""

    def __init__(self, *pages: Sequence[str]) -> None:
        self.pages: list[Sequence[str]] = list(pages)
        self.signer = Signer.new()
        self.keys = (KeyProof(self.signer.public),)
        self.catalogue, self.audience = CATALOGUE, "everyone"
        self.epoch = self.sequence = 1
        self.created = datetime.now(timezone.utc)
        self.lasts = timedelta(days=7)

    def lists(self, *pages: Sequence[str]) -> SignedFeed:
        """The same feed with other pages, as the next one in its count."""
        self.pages = list(pages)
        self.sequence += 1
        return self

    def rotate(self) -> None:
        """Sign with a new key from now on, which the one before it vouches for."""
        signer = Signer.new()
        said = json.dumps({"x": signer.public.x}).encode()
        self.keys = (*self.keys, KeyProof(signer.public, self.signer.signed(said, KEY_TYPE)))
        self.signer = signer
        self.sequence += 1

    def replace_key(self) -> None:
        """Sign with a new key from now on, for which nobody vouches."""
        self.signer = Signer.new()
        self.keys = (*self.keys, KeyProof(self.signer.public))
        self.sequence += 1

    def bodies(self) -> list[bytes]:
        """The bytes of each page."""
        return ["".join(page).encode() for page in self.pages]

    def manifest(self) -> Manifest:
        """What the signed list says."""
        pages = tuple(
            ManifestPage(
                start=f"{number:04}" if number else "",
                sha256=sha256(body).hexdigest(),
                size=len(body),
                datasets=body.count(f"<{DCAT}Dataset>".encode()),
                tombstones=body.count(WITHDRAWN.encode()),
            )
            for number, body in enumerate(self.bodies())
        )
        return Manifest(
            catalogue=self.catalogue,
            audience=self.audience,
            epoch=self.epoch,
            sequence=self.sequence,
            created=self.created,
            expires=self.created + self.lasts,
            pages=pages,
            keys=self.keys,
        )

    def signed(self, manifest: Manifest | None = None) -> bytes:
        """The signed list, or another one that this feed's key signs."""
        return self.signer.signed((manifest or self.manifest()).payload(), MANIFEST_TYPE).encode()

    def files(self) -> dict[str, bytes]:
        """All files by their names."""
        pages = {f"pages/{sha256(body).hexdigest()}.nq": body for body in self.bodies()}
        return {"manifest": self.signed(), **pages}

    def miscounted(self) -> bytes:
        """The signed list with one dataset more than there is on the first page."""
        manifest = self.manifest()
        first, *others = manifest.pages
        return self.signed(replace(manifest, pages=(replace(first, datasets=first.datasets + 1), *others)))


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """The folder with these files in it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
