"""Values of the header `Link` (RFC 8288) that lead a program on: https://signposting.org/FAIR/."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from ckanext.citizendata.core.terms import HYDRA

__all__ = ["link", "of_dump", "of_file", "of_manifest", "of_page"]

JOSE = "application/jose"
JSON = "application/json"
PAGE_TYPE = HYDRA.PartialCollectionView.value
DUMP_TYPE = "https://schema.org/DataDownload"
CATALOGUE_TYPE = "https://schema.org/DataCatalog"
# What an address may have, beside what quote leaves as it is.
OF_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
# The relations of RFC 8288 are called otherwise than those of Hydra.
OF_HYDRA = {"first": "first", "previous": "prev", "next": "next", "last": "last"}


def link(target: str, relation: str, media_type: str = "") -> str:
    """One link: `<https://…/manifest>; rel="describedby"; type="application/jose"`."""
    described = f'; type="{media_type}"' if media_type else ""
    return f'<{quote(target, safe=OF_ADDRESSES)}>; rel="{relation}"{described}'


def of_page(catalogue: str, neighbours: Mapping[str, str], manifest: str, licence: str | None) -> list[str]:
    """From a page of the catalogue, which describes it, to the other pages and to what proves them."""
    others = [link(url, OF_HYDRA[name]) for name, url in neighbours.items()]
    return [
        link(catalogue, "describes"),
        link(PAGE_TYPE, "type"),
        link(manifest, "describedby", JOSE),
        *_licensed(licence),
        *others,
    ]


def of_manifest(catalogue: str, folder: str, licence: str | None) -> list[str]:
    """From the manifest to the catalogue that it is of, and between its two forms."""
    forms = [link(f"{folder}manifest", "alternate", JOSE), link(f"{folder}manifest.json", "alternate", JSON)]
    return [link(catalogue, "describes"), link(CATALOGUE_TYPE, "type"), *forms, *_licensed(licence)]


def of_file(catalogue: str, manifest: str, licence: str | None) -> list[str]:
    """From a part of the catalogue to the whole, and to what describes and proves it."""
    return [link(catalogue, "collection"), link(manifest, "describedby", JOSE), *_licensed(licence)]


def of_dump(catalogue: str, manifest: str, licence: str | None) -> list[str]:
    """From a dump to the catalogue that it holds."""
    return [*of_file(catalogue, manifest, licence), link(DUMP_TYPE, "type")]


def _licensed(licence: str | None) -> list[str]:
    return [link(licence, "license")] if licence else []
