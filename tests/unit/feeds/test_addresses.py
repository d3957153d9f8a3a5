"""What the addresses of feeds ask for."""

from __future__ import annotations

import pytest

from ckanext.citizendata.feeds.addresses import (
    CatalogueAsked,
    DumpAsked,
    ManifestAsked,
    NothingAsked,
    PageAsked,
    SnapshotAsked,
    asked_by,
    catalogue_asked,
)
from ckanext.citizendata.feeds.face import RDF_XML, TURTLE

NAME = "0" * 63 + "a"


class TestAskedBy:
    @pytest.mark.parametrize(
        ("path", "asked"),
        [
            ("/feed/everyone/manifest", ManifestAsked("everyone", "")),
            ("/feed/partner:kenya-1/manifest.json", ManifestAsked("partner:kenya-1", "json")),
            (f"/feed/collaborative/pages/{NAME}.nq", PageAsked("collaborative", NAME)),
            ("/feed/everyone/dump.jsonld.gz", DumpAsked("everyone", "jsonld")),
            ("/snapshot/42/3.ttl", SnapshotAsked(42, 3, TURTLE)),
            ("/snapshot/42/3.rdf", SnapshotAsked(42, 3, RDF_XML)),
        ],
    )
    def test_files(self, path, asked):
        """Each kind of file has its address."""
        assert asked_by(path) == asked

    @pytest.mark.parametrize(
        "path",
        [
            "/feed/everyone/pages/../../../../etc/passwd",
            f"/feed/everyone/pages/{NAME}",
            f"/feed/everyone/pages/{NAME.upper()}.nq",
            f"/feed/everyone/pages/{NAME}.nq.gz",
            f"/feed/everyone/pages/{NAME}.nq\n",
            f"/feed/everyone/pages/a/{NAME}.nq",
            "/feed/everyone/pages/",
            "/feed/../manifest",
            "/feed/Everyone/manifest",
            "/feed/everyone/dump.xls.gz",
            "/feed/everyone/dump.nt",
            "/feed/everyone/dump.../../key",
            "/snapshot/42/3.pdf",
            "/snapshot/42/x.ttl",
            "/snapshot/42/3.ttl/..",
            "/snapshot/../42/3.ttl",
            "/snapshot/1234567890123456789/1.ttl",
            "/snapshot/٤/1.ttl",
            "/snapshot/",
        ],
    )
    def test_nothing(self, path):
        """What has the form of our addresses and is none gives nothing, whatever it tries to reach."""
        assert isinstance(asked_by(path), NothingAsked)

    @pytest.mark.parametrize(
        "path", ["/", "/feed/everyone/changes.json", "/feeds/dataset.atom", "/dataset/feed", "/catalog.ttl"]
    )
    def test_others(self, path):
        """Other addresses are CKAN's."""
        assert asked_by(path) is None


class TestCatalogueAsked:
    @pytest.mark.parametrize(
        ("path", "query", "asked"),
        [
            ("/catalog.ttl", {}, CatalogueAsked(1, TURTLE)),
            ("/catalog.rdf", {"page": ["7"], "profiles": ["citizendata"]}, CatalogueAsked(7, RDF_XML)),
            ("/catalog.ttl", {"utm": ["x"]}, CatalogueAsked(1, TURTLE)),
            ("/catalog.pdf", {}, None),
            ("/catalog", {}, None),
            ("/catalog.ttl", {"q": ["water"]}, None),
            ("/catalog.ttl", {"fq": ["x:y"]}, None),
            ("/catalog.ttl", {"modified_since": ["2024-01-01"]}, None),
            ("/catalog.ttl", {"conforms": ["dcat-ap"]}, None),
            ("/catalog.ttl", {"profiles": ["euro_dcat_ap_3"]}, None),
            ("/catalog.ttl", {"page": ["0"]}, None),
            ("/catalog.ttl", {"page": ["-1"]}, None),
            ("/catalog.ttl", {"page": ["١"]}, None),
            ("/catalog.ttl", {"page": ["9" * 10]}, None),
        ],
    )
    def test_parameters(self, path, query, asked):
        """A page of all comes from the snapshot; whatever else is asked for, and every mistake, is for the tables."""
        assert catalogue_asked(path, "/catalog.{_format}", query, "citizendata") == asked

    def test_other_path(self):
        """The path is ckanext-dcat's option."""
        assert catalogue_asked("/rdf/ttl/all", "/rdf/{_format}/all", {}, "citizendata") == CatalogueAsked(1, TURTLE)
