"""What search engines read in the page of a dataset."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.logic.feeds.structured_data import PACKAGE, RESOURCE, structured_data
from ckanext.citizendata.logic.own_type import closed_fields
from tests.ckan.conftest import COMPLETE

pytestmark = pytest.mark.usefixtures("site")

# Without this answer nothing is written; tests/ckan/test_dataset_web.py has the others.
ALLOWED = {"consent_scope": ["ai_training_allowed"]}


def structured(app: Any, package: dict[str, Any], **arguments: Any) -> list[dict[str, Any]]:
    page = BeautifulSoup(app.get(f"/dataset/{package['name']}", status=200, **arguments).text, "html.parser")
    scripts = [json.loads(script.text) for script in page.find_all("script", type="application/ld+json")]
    return [node for script in scripts for node in script.get("@graph", ())]


class TestStructuredData:
    def test_same_names(self, app, dataset):
        """Dataset, file and publisher have the names of our RDF."""
        package = dataset(resources=[{"url": "https://files.example.org/a.csv", "name": "A"}], **ALLOWED)
        names = {node["@id"] for node in structured(app, package)}
        base = package["uri"].partition("/dataset/")[0]
        resource = package["resources"][0]["id"]
        assert {
            package["uri"],
            f"{package['uri']}/resource/{resource}",
            f"{base}/organization/{package['owner_org']}",
        } <= names

    def test_open_fields(self, app, dataset):
        """Title, period and place are there."""
        nodes = structured(app, dataset(**ALLOWED))
        (found,) = [node for node in nodes if node["@type"] == "schema:Dataset"]
        assert found["schema:name"] == "Water points in Kibera"
        assert found["schema:temporalCoverage"] == "2023/2024"
        assert [node["schema:description"] for node in nodes if node["@type"] == "schema:Place"] == ["Kenya"]

    def test_no_closed_field(self):
        """The selection has no field of the closed class."""
        assert not closed_fields() & {*PACKAGE, *RESOURCE}

    def test_hidden_page(self, app, dataset, reader):
        """The page of a record that isn't for everyone has nothing for search engines."""
        package = dataset(audience="producer", **ALLOWED)
        token = factories.APIToken(user=reader["name"])["token"]
        assert structured(app, package, headers={"Authorization": token}) == []

    def test_text_cannot_end_the_script(self, app, organization):
        """A description with markup, as a harvest may bring it, stays text."""
        described = {**COMPLETE, **ALLOWED, "notes_translated": {"en": "</script><script>alert(1)</script>"}}
        context = {"citizendata_projection": True}
        package = call_action("package_create", context, owner_org=organization["id"], **described)
        (found,) = [node for node in structured(app, package) if node["@type"] == "schema:Dataset"]
        assert found["schema:description"] == "</script><script>alert(1)</script>"

    def test_other_type(self):
        """The page of another type has what ckanext-dcat writes."""
        other = factories.Dataset(type="portal", owner_org=factories.Organization()["id"])
        assert "schema:Dataset" in (structured_data(call_action("package_show", id=other["id"])) or "")
