"""The shapes: what we write passes them, and each rule refuses what breaks it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.mapping import Agent, Model, Subject, fragment_from_package
from ckanext.citizendata.faces.shacl import profile_turtle
from ckanext.citizendata.local.samples import records
from tests.generation.records import full_record, usual_record

Violations = Callable[[str], list[tuple[str, str]]]
IRI = "https://data.example.org/dataset/1"
# What must have a form of its own.
FORMED = {
    "lc_project": ["https://localcontextshub.org/projects/259854f7-b261-4c8c-8556-4b153deebc18"],
    "funding": [{"funder": "Voice", "iati_id": "GB-1-114235-103", "amount": 400000, "currency": "EUR"}],
}
SAMPLES = {record.package["name"]: record.package for record in records()}


def written(model: Model, package: Mapping[str, Any]) -> str:
    subject = Subject(IRI, Agent("https://data.example.org/organization/1", "Water committee"))
    resources = [{**resource, "id": f"r{place}"} for place, resource in enumerate(package.get("resources", ()))]
    return fragment_from_package(model.public, {**package, "resources": resources}, subject)


@pytest.fixture(scope="module")
def sample(model: Model) -> str:
    return written(model, usual_record(model.public, 0))


class TestWhatWeWrite:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_samples_pass(self, model: Model, violations: Violations, name: str) -> None:
        """Every sample record meets our shapes and those of DCAT-AP."""
        assert violations(written(model, SAMPLES[name])) == []

    @pytest.mark.parametrize("make", [full_record, usual_record])
    def test_records_to_measure_with_pass(
        self, model: Model, violations: Violations, make: Callable[[Model, int], dict[str, Any]]
    ) -> None:
        """A record with all fields, and a usual one."""
        assert violations(written(model, {**make(model.public, 1), **FORMED})) == []


class TestRules:
    @pytest.mark.parametrize(
        ("taken", "given", "path"),
        [
            ("", "<{iri}> dct:title 'Water'@en , 'Rivers'@en .", "http://purl.org/dc/terms/title"),
            ("", "<{iri}> dct:title 'Water' , 'Rivers' .", "http://purl.org/dc/terms/title"),
            ("", "<{iri}> dct:issued 'soon' .", "http://purl.org/dc/terms/issued"),
            (
                "",
                "<{iri}> cdata:samplePlanned -5 .",
                "https://w3id.org/citizen-data/ns#samplePlanned",
            ),
            ("", "<{iri}> cdata:responseRate 130.5 .", "https://w3id.org/citizen-data/ns#responseRate"),
            (
                "",
                "<{iri}> cdata:genderMarker <https://example.org/x> .",
                "https://w3id.org/citizen-data/ns#genderMarker",
            ),
            ("", "<{iri}> dcat:landingPage <ftp://example.org/> .", "http://www.w3.org/ns/dcat#landingPage"),
            (
                "",
                "<{iri}> dcat:contactPoint [ a vcard:Kind ; vcard:fn 'Desk' ] .",
                "http://www.w3.org/ns/dcat#contactPoint",
            ),
            ("", "<{iri}> dcat:distribution [ a dcat:Distribution ] .", "http://www.w3.org/ns/dcat#accessURL"),
            (
                "",
                "<{iri}> prov:qualifiedAttribution [ a prov:Attribution ; dct:type cdata:CommunityAttribution ] .",
                "http://www.w3.org/ns/prov#qualifiedAttribution",
            ),
            ("populationGroup", "", "https://w3id.org/citizen-data/ns#populationGroup"),
            ("measurementTechnique", "", "http://schema.org/measurementTechnique"),
            ("contactPoint", "", "http://www.w3.org/ns/dcat#contactPoint"),
        ],
    )
    def test_a_broken_rule_is_told(
        self, sample: str, violations: Violations, taken: str, given: str, path: str
    ) -> None:
        """At the property that breaks it."""
        lines = [line for line in sample.splitlines() if not taken or f"{taken}>" not in line]
        prefixes = PREFIXES if given else ""
        found = violations(f"{prefixes}\n" + "\n".join(lines) + "\n" + given.format(iri=IRI))
        assert path in {place for place, _ in found}

    def test_a_message_names_the_field(self, sample: str, violations: Violations) -> None:
        """And says what would be right."""
        found = violations(f"{PREFIXES}\n{sample}<{IRI}> dct:issued 'soon' .")
        assert any(message.startswith("First published: ") and "2023-04" in message for _, message in found)

    @pytest.mark.parametrize(
        "foreign",
        [
            "dct:type [ a skos:Concept ; skos:prefLabel 'Diary' ]",
            "dct:subject <https://example.org/subject>",
            "dct:spatial [ a dct:Location ; skos:prefLabel 'Valley' ]",
            "prov:qualifiedAttribution [ a prov:Attribution ; prov:agent [ a foaf:Agent ; foaf:name 'Someone' ] ]",
        ],
    )
    def test_what_others_say_by_a_shared_predicate_passes(
        self, sample: str, violations: Violations, foreign: str
    ) -> None:
        """A predicate that several fields use is open for more."""
        assert violations(f"{PREFIXES}\n{sample}<{IRI}> {foreign} .") == []


PREFIXES = """\
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""


class TestText:
    def test_is_the_same_each_time(self) -> None:
        """So that a check can tell whether a file is current: whatever order sets and dictionaries have."""
        program = (
            "from ckanext.citizendata import catalogue_model as c; from ckanext.citizendata.faces import shacl;"
            "print(shacl.shapes_turtle(c.load().public, c.profile()))"
        )
        written = [
            subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            ).stdout
            for seed in ("1", "2")
        ]
        assert written[0] == written[1]
        assert "sh:NodeShape" in written[0]

    def test_closed_fields_have_no_shape(self, shapes: Graph) -> None:
        """What the open web is never told isn't asked of it."""
        paths = {str(path) for path in shapes.objects(None, SH.path)}
        assert "https://w3id.org/citizen-data/ns#populationGroup" in paths
        assert "https://w3id.org/citizen-data/ns#sensitivity" not in paths

    def test_profile_has_a_shape_for_each_class(self) -> None:
        """With the profile's own severities."""
        profile = catalogue_model.profile()
        graph = Graph().parse(data=profile_turtle(profile), format="turtle")
        targets = {str(target) for target in graph.objects(None, SH.targetClass)}
        assert targets == {rules.class_[1:-1] for rules in profile.classes}
        assert (None, SH.severity, SH.Warning) in graph
        assert URIRef("http://www.w3.org/ns/shacl#Violation") not in set(graph.objects(None, SH.severity))
