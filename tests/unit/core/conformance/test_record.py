"""The check of a record as statements."""

from __future__ import annotations

import pytest

from ckanext.citizendata.catalogue_model import load, profile
from ckanext.citizendata.core.conformance import check_record
from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph
from ckanext.citizendata.core.mapping import Subject, fragment_from_package

IRI = "https://example.org/dataset/1"
PACKAGE = {
    "title_translated": {"en": "Water points"},
    "notes_translated": {"en": "Where people fetch water."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023", "end": "2024"}],
    "population_group": ["women"],
    "collection_mode": ["photo_report"],
    "initiator_kind": ["community_organisation"],
    "producer_kind": "national_ngo",
    "contact": [{"name": "Water desk", "email": "water@example.org"}],
    "access_rights": "PUBLIC",
    "indigenous_data": "no",
    "limitations": {"en": "Private taps were not counted."},
    "language": ["ENG"],
    "sdg_goal": ["6"],
    "citizen_data_form": ["citizen_science"],
    "data_ownership": "community_owned",
    "engagement": [{"stage": "design", "level": "4"}],
    "integration_status": "under_assessment",
    "publisher": [{"name": "Mappers", "uri": "https://example.org/mappers"}],
    "lc_label": [{"label": "tk_attribution"}],
    "resources": [{"url": "https://example.org/a.csv", "format": "CSV", "license": "CC0"}],
}


def record(*lines: str) -> str:
    """Our record with more statements."""
    ours = fragment_from_package(load().public, PACKAGE, Subject(IRI))
    return ntriples_from_graph(graph_from_ntriples(ours + "".join(f"{line} .\n" for line in lines)))


class TestCheckRecord:
    def test_ours(self) -> None:
        """A record as we write it breaks no rule; a label in it is there because its community gave it."""
        problems = check_record(load(), IRI, record(), profile())
        assert [problem for problem in problems if problem.severity == "error"] == []

    @pytest.mark.parametrize(
        ("line", "path", "code"),
        [
            (
                f"<{IRI}> <http://purl.org/dc/terms/accessRights> <https://example.org/x>",
                "access_rights",
                "unknown_code",
            ),
            (f'<{IRI}> <http://purl.org/dc/terms/issued> "soon"', "issued", "no_date"),
            (f'<{IRI}> <http://www.w3.org/ns/dcat#version> "1"@en', "version", None),
            (f"<{IRI}> <http://www.w3.org/ns/dcat#keyword> <https://example.org/x>", "keyword", "no_text"),
            (f"<{IRI}> <http://www.w3.org/ns/dcat#keyword> <https://example.org/x>", f"{IRI} dcat:keyword", "no_text"),
            (f'<{IRI}> <http://purl.org/dc/terms/language> "English"', f"{IRI} dct:language", "no_address"),
            (f'<{IRI}> <http://purl.org/dc/terms/title> "<b>x</b>"@fr', "title_translated.fr", "markup"),
        ],
    )
    def test_one_wrong_statement(self, line: str, path: str, code: str | None) -> None:
        """Each wrong statement is an error at its field, or at its node and property."""
        found = {(each.path, each.code) for each in check_record(load(), IRI, record(line), profile())}
        assert code is None or (path, code) in found

    def test_advice(self) -> None:
        """What the mapping couldn't read comes as an error with what would be right."""
        line = f'<{IRI}> <http://purl.org/dc/terms/issued> "soon"'
        problem = next(each for each in check_record(load(), IRI, record(line)) if each.code == "no_date")
        assert (problem.severity, problem.advice) == ("error", "Write an xsd:date, xsd:gYearMonth or xsd:gYear.")

    def test_nothing_said(self) -> None:
        """A record that says nothing lacks what is needed, once for each."""
        problems = check_record(load(), IRI, "", profile())
        assert [problem.path for problem in problems].count("title_translated") == 1
        assert {problem.code for problem in problems} == {"missing"}
