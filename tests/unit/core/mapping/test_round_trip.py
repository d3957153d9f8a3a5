"""The rules of writing and reading that single packages show; `test_generated` has the law on made-up ones."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.fingerprint import fingerprint
from ckanext.citizendata.core.mapping import (
    Agent,
    Subject,
    fragment_from_package,
    own_statements,
    package_from_fragment,
)
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, FOAF, OA, OWL, PROV, RDF, SCHEMA, SKOS, XSD
from ckanext.citizendata.core.tokens import lines_of, text_of, token

from ....generation.packages import maker

DATASET = "https://node.example/dataset/d"
D = f"<{DATASET}>"
SUBJECT = Subject(DATASET)
OWN = own_statements(load(), DATASET)
ROLES = "https://w3id.org/citizen-data/vocabulary/agent-role"
COUNTRY = "http://publications.europa.eu/resource/authority/country"


def written(package: dict[str, Any], residue: str = "") -> str:
    return fragment_from_package(load(), package, SUBJECT, residue)


def said(*statements: tuple[str, Any, str]) -> str:
    """Statements about the dataset and others, with what each record says of itself."""
    return text_of(
        [*lines_of(OWN), *((subject, token(predicate), target) for subject, predicate, target in statements)]
    )


def agent(name: str, constant: tuple[Any, str], node: str) -> list[tuple[str, Any, str]]:
    """An attribution as our own records have them."""
    return [
        (D, PROV.qualifiedAttribution, node),
        (node, RDF.type, token(PROV.Attribution)),
        (node, *constant),
        (node, PROV.agent, f"{node}a"),
        (f"{node}a", RDF.type, token(FOAF.Agent)),
        (f"{node}a", FOAF.name, f'"{name}"'),
    ]


@pytest.mark.parametrize("seed", range(50))
def test_halves_of_a_graph_return(seed: int) -> None:
    """A graph with statements missing anywhere is projected, and returns as it was."""
    lines = lines_of(written(maker(load()).package(seed)))
    half = text_of(Random(seed).sample(sorted(lines), len(lines) // 2))
    projection = package_from_fragment(load(), DATASET, half)
    again = written(dict(projection.package), projection.residue)
    assert fingerprint(again) == fingerprint(half + OWN)


class TestWriting:
    def test_same_text_each_time(self) -> None:
        """Equal packages give equal N-Triples, labels of blank nodes included."""
        package = maker(load()).package(7)
        assert len({written(package) for _ in range(3)}) == 1

    def test_lines_are_canonical(self) -> None:
        """The text is that of the graph: sorted, each statement once."""
        text = written(maker(load()).package(9))
        lines = text.split("\n")
        assert lines[:-1] == sorted(set(lines[:-1]))
        assert text.endswith(" .\n")

    def test_blank_nodes_of_the_residue_stay_apart(self) -> None:
        """A residue that uses our labels doesn't flow together with our nodes."""
        residue = f'{D} <{DCT.relation.value}> _:c0 .\n_:c0 <{DCT.title.value}> "R" .\n'
        projection = package_from_fragment(
            load(), DATASET, written({"temporal_coverage": [{"start": "2020"}]}, residue)
        )
        assert projection.package["temporal_coverage"] == [{"start": "2020"}]
        assert projection.residue == residue

    def test_residue_is_not_said_again(self) -> None:
        """What the residue says already, a date with its time for the day of the package, isn't written beside it."""
        residue = said((D, DCT.issued, f'"2020-01-01T00:00:00"^^{token(XSD.dateTime)}'))
        assert written({"issued": "2020-01-01"}, residue) == residue
        assert f'"2021"^^{token(XSD.gYear)}' in written({"issued": "2021"}, residue)

    def test_publisher_of_the_site(self) -> None:
        """A package of this site gets the publisher and the resource addresses that the caller names."""
        subject = Subject(DATASET, Agent("https://node.example/organization/o", "Org"))
        package = {"resources": [{"id": "r", "url": "https://node.example/f.csv"}], "producer_kind": "nso"}
        read = package_from_fragment(load(), DATASET, fragment_from_package(load(), package, subject)).package
        assert read["publisher"] == [{"name": "Org", "uri": "https://node.example/organization/o"}]
        assert read["resources"] == [{"url": "https://node.example/f.csv", "uri": f"{DATASET}/resource/r"}]
        assert read["producer_kind"] == "nso"

    def test_file_without_address(self) -> None:
        """A distribution needs an address (dcat:accessURL, 1..n): a resource without one isn't written at all."""
        resources = [{"id": "r", "name": "Notes"}, {"id": "s", "name": "Table", "url": "no address"}]
        assert written({"resources": resources}) == OWN

    def test_format_outside_the_list(self) -> None:
        """DCAT-AP's dct:format takes the EU's list alone: any other name is said by a predicate of our own."""
        lines = lines_of(
            written({"resources": [{"id": "r", "url": "https://node.example/f", "format": "Field notes"}]})
        )
        assert not [line for line in lines if line[1] == token(DCT.format)]
        assert [line[2] for line in lines if line[1] == token(CDATA.formatName)] == ['"Field notes"']

    def test_two_values_share_what_is_said_beside_them(self) -> None:
        """What is said about a language is said once, for the data and for a file."""
        package = {"language": ["SWA"], "resources": [{"url": "https://node.example/f", "language": ["SWA"]}]}
        assert written(package).count(f"<{DCT.LinguisticSystem.value}>") == 1

    def test_closed_fields_stay_inside(self) -> None:
        """The public model writes nothing of a closed field, and its plan has no such field."""
        closed = {field.name for field in load().schema.fields if field.closed}
        assert {"personal_data", "sensitivity", "audience", "consent_type", "withdrawal_possible"} <= closed
        package = {name: value for name, value in _full().items() if name in closed}
        assert set(package) == {field.name for field in load().schema.fields if field.closed and field.shape}
        assert written(package) != OWN
        assert fragment_from_package(load().public, package, SUBJECT) == OWN
        plan = load().public.plan
        assert closed.isdisjoint({*(part.key for part in plan.properties), *(field.key for field in plan.nodes)})

    @pytest.mark.parametrize(
        "package",
        [
            {"country": ["XYZ"]},
            {"country": None},
            {"country": 7},
            {"title_translated": "x"},
            {"title_translated": {"not a tag": "x", "en": None}},
            {"keyword": {"en": "x"}},
            {"keyword": ["x"]},
            {"sample_size": "many"},
            {"sample_size": 4.5},
            {"response_rate": True},
            {"temporal_coverage": [{"start": "last year"}]},
            {"temporal_coverage": "2020"},
            {"contact": [{"url": "no address"}]},
            {"contact": ["desk"]},
            {"creator": [{"uri": "https://a.example/"}]},
            {"engagement": [{"stage": "design"}]},
            {"documentation": ["a b"]},
            {"completeness": ""},
            {"limitations": ["x"]},
            {"resources": [{"id": "", "url": "a b"}]},
            {"no_such_field": "x"},
        ],
    )
    def test_what_cannot_be_said_is_left_out(self, package: dict[str, Any]) -> None:
        """A value that no check would have let pass makes no statement and no error."""
        assert written(package) == OWN


def _full() -> dict[str, Any]:
    """The first package of the generator that leaves nothing out."""
    fields = {field.name for field in load().schema.fields if field.shape}
    return next(
        p for p in map(maker(load()).package, range(10**3)) if fields <= {key for key, value in p.items() if value}
    )


class TestReading:
    def test_marks_tell_attributions_apart(self) -> None:
        """Each role has its field; an attribution without a mark of ours is a partner's, and stays in the residue."""
        fragment = said(
            *agent("Office", (DCAT.hadRole, f"<{ROLES}/nso_partner>"), "_:n"),
            *agent("Steward", (DCAT.hadRole, f"<{ROLES}/custodian>"), "_:s"),
            *agent("Village", (DCT.type, token(CDATA.CommunityAttribution)), "_:v"),
            *agent("Other", (DCAT.hadRole, "<https://roles.example/other>"), "_:o"),
        )
        projection = package_from_fragment(load(), DATASET, fragment)
        read = {
            key: value for key, value in projection.package.items() if isinstance(value, list) and "name" in value[0]
        }
        assert read == {
            "nso_partner": [{"name": "Office"}],
            "data_steward": [{"name": "Steward"}],
            "community": [{"name": "Village"}],
            "partner": [{"name": "Other"}],
        }
        # Of the communities the agent is one too, which is missing here.
        assert {line[0] for line in lines_of(projection.residue)} == {D, "_:v", "_:va", "_:o", "_:oa"}

    def test_community_with_a_role_is_a_community(self) -> None:
        """Who is marked as a community isn't read as a data steward for the role of one."""
        package = {"community": [{"name": "Village", "role": "custodian"}]}
        read = package_from_fragment(load(), DATASET, written(package))
        assert (read.package["community"], read.residue) == (package["community"], "")
        assert "data_steward" not in read.package

    def test_assessments_are_no_limits(self) -> None:
        """Of the annotations those that assess are read as such, all others as limits and cautions."""
        package = {"limitations": {"en": "Few."}, "quality_assessment": [{"criterion": "accuracy", "note": "Few."}]}
        read = package_from_fragment(load(), DATASET, written(package))
        assert {key: read.package[key] for key in package} == package
        assert token(OA.assessing) in written(package)

    def test_place_is_no_country(self) -> None:
        """A country and a place stand behind one predicate: neither is reported as a wrong one of the other."""
        package = {"country": ["KEN"], "spatial_coverage": [{"name": "Kibera"}]}
        read = package_from_fragment(load(), DATASET, written(package))
        assert {key: read.package[key] for key in package} == package
        assert {problem.code for problem in read.problems} == {"missing"}

    def test_value_without_what_is_said_beside_it(self) -> None:
        """A country that isn't said to be a place is shown, and stays in the residue, so that nothing is added."""
        fragment = said((D, DCT.spatial, f"<{COUNTRY}/KEN>"))
        projection = package_from_fragment(load(), DATASET, fragment)
        assert projection.package["country"] == ["KEN"]
        assert written(dict(projection.package), projection.residue) == fragment

    def test_what_others_say_about_a_value_stays(self) -> None:
        """Labels that others give a country are kept."""
        fragment = written({"country": ["KEN"]}) + f'<{COUNTRY}/KEN> {token(SKOS.prefLabel)} "Kenya"@en .\n'
        projection = package_from_fragment(load(), DATASET, fragment)
        assert projection.residue == f'<{COUNTRY}/KEN> {token(SKOS.prefLabel)} "Kenya"@en .\n'

    def test_place_by_text(self) -> None:
        """A place that a record names by text alone is its name, and stays in the residue."""
        projection = package_from_fragment(load(), DATASET, said((D, DCT.spatial, '"Accra"')))
        assert projection.package["spatial_coverage"] == [{"name": "Accra"}]
        assert projection.residue.count("\n") == 1

    def test_accepted_predicate(self) -> None:
        """A version by the old predicate is read, and stays as it was said; by the new one it wins."""
        old = said((D, OWL.versionInfo, '"1"'))
        projection = package_from_fragment(load(), DATASET, old)
        assert projection.package["version"] == "1"
        assert written(dict(projection.package), projection.residue) == old
        both = old + f'{D} {token(DCAT.version)} "2" .\n'
        assert package_from_fragment(load(), DATASET, both).package["version"] == "2"

    def test_one_measurement_of_two(self) -> None:
        """Where one value has room, the first of several nodes is shown and the other kept."""
        one, other = written({"completeness": 40}), written({"completeness": 60}).replace("_:c", "_:d")
        fragment = text_of([*lines_of(one), *lines_of(other)])
        projection = package_from_fragment(load(), DATASET, fragment)
        assert projection.package["completeness"] in (40, 60)
        again = written(dict(projection.package), projection.residue)
        assert fingerprint(again) == fingerprint(fragment)

    def test_kind_of_one_publisher_of_two(self) -> None:
        """With two publishers it can't be told whose kind it is: nothing of them leaves the residue."""
        fragment = said(
            *((D, DCT.publisher, f"<https://{name}.example/>") for name in "ab"),
            *((f"<https://{name}.example/>", FOAF.name, f'"{name}"') for name in "ab"),
            *((f"<https://{name}.example/>", RDF.type, token(FOAF.Agent)) for name in "ab"),
        )
        projection = package_from_fragment(load(), DATASET, fragment)
        assert [row["name"] for row in projection.package["publisher"]] == ["a", "b"]
        assert written(dict(projection.package), projection.residue) == fragment

    def test_problem_names_the_value(self) -> None:
        """What can't be shown is reported in words of the field, with its value; nodes without a name as such."""
        fragment = said((D, DCT.issued, '"spring"'), (D, DCT.temporal, "_:t"), (D, SCHEMA.creditText, "_:u"))
        problems = {problem.path: problem for problem in package_from_fragment(load(), DATASET, fragment).problems}
        assert problems["issued"].message.startswith("First published: “spring” can't be shown here")
        assert problems["issued"].severity == "warning"
        assert problems["temporal_coverage"].message.startswith("Period: a description can't be shown")
        assert "attribution_statement" not in problems

    def test_a_code_that_is_also_a_place(self) -> None:
        """What is said beside a code isn't taken from a row that reads the same thing, and nothing is added."""
        kind = "<https://w3id.org/citizen-data/vocabulary/data-kind/microdata>"
        fragment = written({"data_kind": ["microdata"]}) + f"{D} {token(DCT.spatial)} {kind} .\n"
        projection = package_from_fragment(load(), DATASET, fragment)
        assert lines_of(written(dict(projection.package), projection.residue)) == sorted(lines_of(fragment))
