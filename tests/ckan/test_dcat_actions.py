"""ckanext-dcat's actions for API users, its own path with our profile, and the order of plugins."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFSerializer
from rdflib import Graph
from rdflib.compare import isomorphic

from ckanext.citizendata.logic.plugin_order import refuse_wrong_order
from ckanext.citizendata.model import record

pytestmark = pytest.mark.usefixtures("site")


def act(action, user="", **arguments):
    return tk.get_action(action)({"user": user, "ignore_auth": False}, arguments)


class TestDcatDatasetShow:
    @pytest.mark.parametrize("form", ["ttl", "rdf", "xml", "jsonld", "nt", "n3"])
    def test_same_as_the_address(self, app, dataset, form):
        """The body is that of the address."""
        package = dataset()
        assert (
            act("dcat_dataset_show", id=package["name"], format=form)
            == app.get(f"/dataset/{package['name']}.{form}").text
        )

    def test_xml_when_absent(self, dataset):
        """Without a format it is RDF/XML, as in ckanext-dcat."""
        assert act("dcat_dataset_show", id=dataset()["name"]).startswith("<?xml")

    def test_hidden(self, dataset, stranger, reader):
        """Only its own people get what isn't for everyone; to others it is a name that was never used."""
        package = dataset(audience="producer")
        for user in ("", stranger["name"]):
            for reference in (package["id"], "never-used"):
                with pytest.raises(tk.ObjectNotFound):
                    act("dcat_dataset_show", user, id=reference)
        assert package["uri"] in act("dcat_dataset_show", reader["name"], id=package["id"], format="ttl")

    def test_unknown_format(self, dataset):
        """An unknown format names those that there are."""
        with pytest.raises(tk.ValidationError, match="jsonld"):
            act("dcat_dataset_show", id=dataset()["name"], format="pdf")

    def test_other_type(self):
        """Another type goes on to ckanext-dcat."""
        other = factories.Dataset(type="portal", title="Other portal", owner_org=factories.Organization()["id"])
        assert "Other portal" in act("dcat_dataset_show", id=other["name"], format="ttl")


class TestDcatCatalogShow:
    @pytest.mark.parametrize("action", ["dcat_catalog_show", "dcat_catalog_search"])
    def test_same_as_the_address(self, app, dataset, action):
        """The body is that of the address, whoever calls."""
        dataset()
        dataset(audience="producer")
        sysadmin = factories.Sysadmin()
        expected = app.get("/catalog.ttl").text
        assert act(action, sysadmin["name"], format="ttl") == act(action, format="ttl") == expected

    def test_wrong_page(self):
        """A page that isn't there is an error with a sentence."""
        with pytest.raises(tk.ValidationError, match="whole number"):
            act("dcat_catalog_show", page="x")


class TestProfile:
    def test_own_path(self, app, dataset):
        """ckanext-dcat's serializer with our profile writes the same graph as our address."""
        package = dataset()
        written = RDFSerializer(profiles=["citizendata"]).serialize_dataset(package, _format="ttl")
        expected = Graph().parse(data=app.get(f"/dataset/{package['name']}.ttl").data, format="turtle")
        assert isomorphic(Graph().parse(data=written, format="turtle"), expected)

    def test_own_catalogue(self, dataset):
        """Its catalogue has our head and our records."""
        package = dataset()
        written = RDFSerializer(profiles=["citizendata"]).serialize_catalog({}, [package], _format="ttl")
        found = Graph().parse(data=written, format="turtle")
        fragment = Graph().parse(data=record.by_package(package["id"]).fragment, format="nt")
        assert len(found) > len(fragment)
        assert package["uri"] in written


class TestIris:
    def test_other_type_keeps_its_own(self):
        """Another type is named as ckanext-dcat names it."""
        other = factories.Dataset(type="portal", owner_org=factories.Organization()["id"])
        body = act("dcat_dataset_show", id=other["name"], format="nt")
        assert f"<{tk.config['ckan.site_url']}/dataset/{other['id']}>" in body

    @pytest.mark.ckan_config("ckanext.citizendata.base_iri", "https://id.example.org")
    def test_base(self, app, dataset):
        """Names begin with the option, addresses of pages with the site's."""
        package = dataset(resources=[{"url": "https://files.example.org/a.csv", "name": "A"}])
        text = app.get("/catalog.nt").text
        for name in (
            f"dataset/{package['id']}",
            f"record/{package['id']}",
            "catalog",
            f"organization/{package['owner_org']}",
        ):
            assert f"<https://id.example.org/{name}>" in text
        assert f"<{tk.config['ckan.site_url']}/catalog.nt?order=published&page=1>" in text
        structured = call_action("package_show", id=package["id"])
        assert structured["uri"] == f"https://id.example.org/dataset/{package['id']}"


class TestRefuseWrongOrder:
    @pytest.mark.parametrize(
        "plugins", [["dcat", "citizendata"], ["citizendata"], ["scheming_datasets", "dcat", "x", "citizendata"]]
    )
    def test_refused(self, plugins):
        """A list that would let ckanext-dcat answer in our place, or that lacks it, stops the start."""
        with pytest.raises(CkanConfigurationException, match="citizendata"):
            refuse_wrong_order(plugins)

    def test_taken(self):
        """Ours first is right, wherever."""
        refuse_wrong_order(["scheming_datasets", "citizendata", "structured_data", "dcat"])
