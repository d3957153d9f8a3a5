"""The profile as a stock ckanext-dcat uses it: statements to package, package to statements."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import plugins
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import DCAT

from tests.ckan.conftest import COMPLETE

CDATA = Namespace("https://w3id.org/citizen-data/ns#")
GROUP = "https://w3id.org/citizen-data/vocabulary/population-group/"
RECORD = f"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
<https://producer.example/d1> a dcat:Dataset ;
    dct:title "Water points"@en ; dct:description "Where people fetch water."@en ;
    cdata:populationGroup <{GROUP}women> ;
    cdata:coverageGaps "Tenants of back rooms."@en ;
    prov:qualifiedAttribution [ a prov:Attribution ; dct:type cdata:CommunityAttribution ;
        prov:agent [ a cdata:Community ; foaf:name "Residents of Makina" ] ] .
<https://producer.example/d2> a dcat:Dataset ; dct:title "Another" ; cdata:populationGroup <{GROUP}girls> .
"""


def parsed(profiles: list[str], dataset_type: str) -> dict[str, dict[str, Any]]:
    parser = RDFParser(profiles=profiles, dataset_type=dataset_type)
    parser.parse(RECORD, _format="turtle")
    return {each["title"]: each for each in parser.datasets()}


@pytest.mark.usefixtures("site")
class TestParseDataset:
    def test_fields_of_a_schema_that_has_them(self) -> None:
        """Where the dataset type has our fields, they are set as the API takes them."""
        found = parsed(["euro_dcat_ap_3", "citizendata"], "dataset")
        assert found["Water points"]["population_group"] == ["women"]
        assert found["Water points"]["coverage_gaps"] == {"en": "Tenants of back rooms."}
        assert found["Water points"]["community"] == [{"name": "Residents of Makina"}]
        assert found["Another"]["population_group"] == ["girls"]

    def test_extras_of_a_type_without_schema(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On a stock site they are extras, in JSON where they are lists or objects."""
        monkeypatch.setattr("ckanext.citizendata.profile.RDFProfile._dataset_schema", None, raising=False)
        profile_init = RDFParser(profiles=["citizendata"], dataset_type="dataset")
        profile_init.parse(RECORD, _format="turtle")
        ref = URIRef("https://producer.example/d1")
        profile = profile_init._profiles[0](profile_init.g, "dataset")
        profile._dataset_schema = None
        extras = {each["key"]: each["value"] for each in profile.parse_dataset({}, ref)["extras"]}
        assert json.loads(extras["population_group"]) == ["women"]
        assert json.loads(extras["community"]) == [{"name": "Residents of Makina"}]


@pytest.mark.usefixtures("site")
class TestGraphFromDataset:
    def test_maps_the_package_where_no_record_is_stored(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without our plugin the statements come from the package, with what the stock profile says of it."""
        monkeypatch.setattr(plugins, "plugin_loaded", lambda name: name != "citizendata")
        package = {**COMPLETE, "id": "d1", "name": "d1", "title": "Water points", "notes": "N", "extras": []}
        package["uri"] = "https://producer.example/d1"
        serializer = RDFSerializer(profiles=["citizendata"])
        ref = serializer.graph_from_dataset(package)
        graph: Graph = serializer.g
        assert (ref, RDF.type, DCAT.Dataset) in graph
        assert {str(group) for group in graph.objects(ref, CDATA.populationGroup)} == {
            f"{GROUP}{code}" for code in COMPLETE["population_group"]
        }

    def test_closed_fields_stay_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What never reaches the open web isn't mapped here either."""
        monkeypatch.setattr(plugins, "plugin_loaded", lambda name: name != "citizendata")
        package = {
            "id": "d1",
            "name": "d1",
            "uri": "https://producer.example/d1",
            "sensitivity": "severe",
            "extras": [],
        }
        serializer = RDFSerializer(profiles=["citizendata"])
        serializer.graph_from_dataset(package)
        assert "severe" not in serializer.g.serialize(format="nt")
