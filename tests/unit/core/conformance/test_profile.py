"""The table of a profile, and its rules on statements."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import profile
from ckanext.citizendata.core.conformance import ENGLISH, NO_PROFILE, Profile, profile_from_dict
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.statements import check_statements
from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.schema_reading import SchemaError

SHORT = {
    "a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "dct": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "ex": "https://example.org/",
}


def fragment(*lines: str) -> str:
    """Canonical N-Triples of lines such as `ex:d dct:title "Water"`."""
    return ntriples_from_graph(
        graph_from_ntriples("".join(" ".join(map(_long, line.split(" "))) + " .\n" for line in lines))
    )


def _long(term: str) -> str:
    if term == "a":
        return f"<{SHORT['a']}>"
    text, behind, datatype = term.partition("^^")
    if behind:
        return f"{text}^^{_long(datatype)}"
    prefix, colon, name = term.partition(":")
    return f"<{SHORT[prefix]}{name}>" if colon and prefix in SHORT and not term.startswith('"') else term


def asking(**line: Any) -> Profile:
    """A profile with one rule for datasets."""
    return profile_from_dict({"profile": "P", "classes": [{"class": "dcat:Dataset", "properties": [line]}]})


def problems(asked: Profile, *lines: str) -> list[Problem]:
    report = Report(ENGLISH)
    check_statements(asked, fragment("ex:d a dcat:Dataset", *lines), report)
    return report.problems


def codes(asked: Profile, *lines: str) -> list[str]:
    return [problem.code for problem in problems(asked, *lines)]


class TestNumber:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            ([], ["missing"]),
            (['ex:d dct:title "A"'], []),
            (['ex:d dct:title "A"', 'ex:d dct:title "B"'], ["too_many"]),
        ],
    )
    def test_bounds(self, lines: list[str], expected: list[str]) -> None:
        """At least and at most so many values."""
        assert codes(asking(path="dct:title", min=1, max=1), *lines) == expected

    def test_words(self) -> None:
        """A problem stands at its node and property."""
        assert problems(asking(path="dct:title", min=1, severity="warning")) == [
            Problem(
                "https://example.org/d dct:title",
                "missing",
                "https://example.org/d dct:title: nothing is said.",
                "warning",
                "Say at least 1.",
            )
        ]

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [([], ["missing"]), (["ex:c dcat:dataset ex:d"], []), (["ex:d dcat:dataset ex:c"], ["missing"])],
    )
    def test_read_backwards(self, lines: list[str], expected: list[str]) -> None:
        """A path with ^ counts the nodes that point here."""
        assert codes(asking(path="^dcat:dataset", min=1, kind="node"), *lines) == expected

    def test_other_classes_are_left_alone(self) -> None:
        """A node of a class without rules isn't asked anything, and neither is any without a profile."""
        assert codes(asking(path="dct:title", min=1), "ex:c a dcat:Catalog", 'ex:d dct:title "A"') == []
        assert codes(NO_PROFILE) == []


class TestKind:
    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("literal", '"A"', []),
            ("literal", "ex:a", ["no_text"]),
            ("literal", "_:a", ["no_text"]),
            ("node", "ex:a", []),
            ("node", "_:a", []),
            ("node", '"A"', ["no_address"]),
            ("iri", "ex:a", []),
            ("iri", "_:a", ["no_address"]),
            ("date", '"2023"^^xsd:gYear', []),
            ("date", '"2023-04Z"^^xsd:gYearMonth', []),
            ("date", '"2023-04-15+03:00"^^xsd:date', []),
            ("date", '"2023-04-15T10:00:00Z"^^xsd:dateTime', []),
            ("date", '"12023"^^xsd:gYear', []),
            ("date", '"2023-02-30"^^xsd:date', ["no_date"]),
            ("date", '"0000"^^xsd:gYear', []),
            ("date", '"2023"^^xsd:date', ["no_date"]),
            ("date", '"2023"', ["no_date"]),
            ("date", "ex:a", ["no_date"]),
        ],
    )
    def test_of_a_value(self, kind: str, value: str, expected: list[str]) -> None:
        """A value is a text, a node, an IRI or a date."""
        assert codes(asking(path="dct:issued", kind=kind), f"ex:d dct:issued {value}") == expected

    @pytest.mark.parametrize(
        ("datatype", "value", "expected"),
        [
            ("xsd:decimal", '"2.50"^^xsd:decimal', []),
            ("xsd:decimal", '"two"^^xsd:decimal', ["no_number"]),
            ("xsd:decimal", '"2"^^xsd:integer', ["no_number"]),
            ("xsd:duration", '"P1Y2M"^^xsd:duration', []),
            ("xsd:duration", '"PT5M"^^xsd:duration', []),
            ("xsd:duration", '"P"^^xsd:duration', ["no_text"]),
            ("xsd:duration", '"P1DT"^^xsd:duration', ["no_text"]),
            ("xsd:hexBinary", '"0aFF"^^xsd:hexBinary', []),
            ("xsd:hexBinary", '"0aF"^^xsd:hexBinary', ["no_text"]),
            ("xsd:nonNegativeInteger", '"12"^^xsd:nonNegativeInteger', []),
            ("xsd:nonNegativeInteger", '"-1"^^xsd:nonNegativeInteger', ["no_number"]),
            ("xsd:anyURI", '"anything"^^xsd:anyURI', []),
            ("xsd:anyURI", "ex:a", ["no_text"]),
        ],
    )
    def test_datatype(self, datatype: str, value: str, expected: list[str]) -> None:
        """A value has the datatype that is asked for, and is one of it."""
        assert codes(asking(path="dct:extent", datatype=datatype), f"ex:d dct:extent {value}") == expected


class TestClass:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (["ex:d dct:language ex:a"], []),
            (["ex:d dct:language ex:a", "ex:a a ex:Tongue"], []),
            (["ex:d dct:language ex:a", "ex:a a dct:LinguisticSystem", "ex:a a ex:Other"], []),
            (["ex:d dct:language ex:a", "ex:a a ex:Other"], ["other_class"]),
            (["ex:d dct:language _:a"], ["other_class"]),
            (['ex:d dct:language "English"'], ["other_class"]),
        ],
    )
    def test_of_a_value(self, lines: list[str], expected: list[str]) -> None:
        """A value that is described here has one of the classes; what is only named may have it elsewhere."""
        asked = asking(path="dct:language", **{"class": ["dct:LinguisticSystem", "https://example.org/Tongue"]})
        assert codes(asked, *lines) == expected


class TestScheme:
    ASKED = {"path": "dcat:theme", "scheme": "https://example.org/themes", "scheme_severity": "warning"}

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (["ex:d dcat:theme ex:a"], []),
            (["ex:d dcat:theme ex:a", "ex:a skos:inScheme ex:themes"], []),
            (["ex:d dcat:theme ex:a", "ex:a skos:inScheme ex:others"], ["unknown_code"]),
            (["ex:d dcat:theme ex:a", "ex:a a skos:Concept"], ["unknown_code"]),
            (["ex:d dcat:theme _:a", "_:a skos:inScheme ex:themes"], ["unknown_code"]),
            (['ex:d dcat:theme "Health"'], ["unknown_code"]),
        ],
    )
    def test_of_a_value(self, lines: list[str], expected: list[str]) -> None:
        """A value is an entry of the list; of one that is only named nobody knows."""
        assert codes(asking(**self.ASKED), *lines) == expected

    def test_words(self) -> None:
        """Where another list may be used, nothing is refused, and the list is named."""
        assert problems(asking(**self.ASKED), 'ex:d dcat:theme "Health"') == [
            Problem(
                "https://example.org/d dcat:theme",
                "unknown_code",
                "https://example.org/d dcat:theme: “Health” isn't what the profile asks for.",
                "warning",
                "Name an entry of https://example.org/themes, and say skos:inScheme of it.",
            )
        ]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("<https://sws.geonames.org/1/>", []),
            ("ex:listed", []),
            ("ex:described", ["unknown_code"]),
            ('"x"', ["unknown_code"]),
        ],
    )
    def test_or_a_pattern(self, value: str, expected: list[str]) -> None:
        """Beside a list, a pattern of the IRI is enough."""
        asked = asking(path="dct:spatial", scheme="https://example.org/places", pattern="^https://sws.geonames.org")
        told = ["<https://sws.geonames.org/1/> a dct:Location", "ex:described a dct:Location"]
        assert codes(asked, f"ex:d dct:spatial {value}", "ex:listed skos:inScheme ex:places", *told) == expected

    @pytest.mark.parametrize(
        ("value", "expected"), [("ex:types/csv", []), ("ex:csv", ["pattern"]), ("_:a", ["pattern"])]
    )
    def test_pattern_alone(self, value: str, expected: list[str]) -> None:
        """Without a list, the IRI matches the pattern."""
        asked = asking(path="dcat:mediaType", pattern="^https://example.org/types/")
        assert codes(asked, f"ex:d dcat:mediaType {value}") == expected

    def test_type_of_a_value(self) -> None:
        """The kind of a publisher, where one is said, is of the list."""
        asked = asking(path="dct:publisher", type_scheme="https://example.org/kinds")
        publisher = "ex:d dct:publisher _:p"
        assert codes(asked, publisher) == []
        assert codes(asked, publisher, "_:p dct:type ex:ngo", "ex:ngo skos:inScheme ex:kinds") == []
        assert codes(asked, publisher, '_:p dct:type "NGO"') == ["unknown_code"]

    def test_one_value(self) -> None:
        """One value is among the values, and all are IRIs."""
        asked = asking(path="dcat:theme", has_value="https://example.org/must", scheme_severity="warning")
        assert codes(asked, "ex:d dcat:theme ex:must", "ex:d dcat:theme ex:a") == []
        assert codes(asked) == ["missing"]
        assert codes(asked, "ex:d dcat:theme ex:must", '_:a dct:title "A"', "ex:d dcat:theme _:a") == ["no_address"]


class TestProfileFromDict:
    def test_of_dcat_ap(self) -> None:
        """The shipped table is DCAT-AP 3.0.1."""
        shipped = profile()
        assert (shipped.name, len(shipped.classes)) == ("DCAT-AP 3.0.1", 15)
        dataset = shipped.by_class["<http://www.w3.org/ns/dcat#Dataset>"]
        title = dataset.properties[0]
        assert (title.name, title.least, title.most, title.kind) == ("dct:title", 1, None, "literal")

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ({"path": "dct:title", "minimum": 1}, "dcat:Dataset, dct:title: minimum: unknown key"),
            ({"path": "dct:title", "kind": "text"}, "dcat:Dataset, dct:title: kind: 'text' isn't one of"),
            ({"path": "dct:title", "severity": "hint"}, "dcat:Dataset, dct:title: severity: 'hint' isn't warning"),
            ({"path": "dtc:title"}, "dcat:Dataset, dtc:title: 'dtc:title' is neither"),
            ({"path": "dct:title", "class": "foaf Agent"}, "dcat:Dataset, dct:title: 'foaf Agent' is neither"),
        ],
    )
    def test_wrong_table(self, line: dict[str, Any], message: str) -> None:
        """A table that can't be used is refused with its place."""
        with pytest.raises(SchemaError) as refused:
            asking(**line)
        assert str(refused.value).startswith(message)
