"""The addresses that ckanext-dcat gives to our packages: those of our records. Other types keep ckanext-dcat's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata import config
from ckanext.citizendata.logic import own_type

__all__ = ["DcatIris", "dataset_iri", "publisher_iri", "resource_iri"]


def dataset_iri(package: Mapping[str, Any]) -> str | None:
    """The IRI of the dataset, None for another type and for what has no id yet."""
    if not _is_ours(package):
        return None
    minted = f"{config.base_iri()}/dataset/{package['id']}" if package.get("id") else None
    return package.get("uri") or minted


def resource_iri(resource: Mapping[str, Any]) -> str | None:
    """The IRI of the distribution, None for a file of another type."""
    package_id = resource.get("package_id")
    if not package_id or own_type.own_package(package_id) is None:
        return None
    return resource.get("uri") or f"{config.base_iri()}/dataset/{package_id}/resource/{resource['id']}"


def publisher_iri(package: Mapping[str, Any]) -> str | None:
    """The IRI of the publisher: the feed's for a harvested record, else the organisation's."""
    if not _is_ours(package):
        return None
    received = next((each.get("uri") for each in package.get("publisher") or () if each.get("uri")), None)
    own = f"{config.base_iri()}/organization/{package['owner_org']}" if package.get("owner_org") else None
    return received or own


def _is_ours(package: Mapping[str, Any]) -> bool:
    return package.get("type") == own_type.dataset_type()


class DcatIris:
    """The plugin's part for ckanext-dcat's `IDCATURIGenerator`."""

    def catalog_uri(self, default_uri: str) -> str | None:
        """ckanext-dcat's own: it is also the first part of what it mints for packages of other types."""
        return default_uri

    def dataset_uri(self, dataset_dict: dict[str, Any], default_uri: str) -> str | None:
        """The IRI of our record."""
        return dataset_iri(dataset_dict) or default_uri

    def resource_uri(self, resource_dict: dict[str, Any], default_uri: str) -> str | None:
        """The IRI of our distribution."""
        return resource_iri(resource_dict) or default_uri

    def publisher_uri(self, dataset_dict: dict[str, Any], default_uri: str | None) -> str | None:
        """The IRI of our publisher."""
        return publisher_iri(dataset_dict) or default_uri
