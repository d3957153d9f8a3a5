"""The law of the mapping on made-up packages and on graphs with statements of others among ours."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.fingerprint import fingerprint
from ckanext.citizendata.core.graph import Graph, graph_from_ntriples, ntriples_from_graph
from ckanext.citizendata.core.mapping import (
    Agent,
    Subject,
    fragment_from_package,
    own_statements,
    package_from_fragment,
)
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.terms import DCAT, DCT, FOAF, RDF, RDFS, SCHEMA, VCARD, XSD

DATASET = "https://node.example/dataset/d"
SUBJECT = Subject(DATASET)
SEEDS = range(100)
TAGS = ("en", "fr", "ar", "zh-Hant", "pt-BR", "sw", "ne", "und")
LETTERS = "ab Ü“\"\\\n\t𝄞ماء水'<>&{}%\u200f\ufffd"
DATES = ("2019", "2020-02", "2020-02-29")


def random_text(random: Random) -> str:
    return "".join(random.choice(LETTERS) for _ in range(random.randint(1, 12)))


def random_texts(random: Random) -> dict[str, str]:
    return {tag: random_text(random) for tag in sorted(random.sample(TAGS, random.randint(1, 4)))}


def random_value(random: Random, field: Field) -> Any:
    """A value that the validators of the field let pass."""
    assert field.shape
    if field.subfields:
        return random_items(random, field)
    if field.shape.kind == "concept":
        return random_codes(random, field)
    return {
        "text": lambda: random_texts(random),
        "node": lambda: random_texts(random),
        "date": lambda: random.choice(DATES),
        "iri": lambda: f"{'a@' if field.shape and field.shape.scheme else 'https://'}{random.randint(1, 99)}.example",
        "literal": lambda: random_text(random),
    }[field.shape.kind]()


def random_codes(random: Random, field: Field) -> Any:
    vocabulary = load().vocabularies[field.vocabulary or ""]
    written = [concept.code for concept in vocabulary if concept.written]
    silent = [concept.code for concept in vocabulary if not concept.written]
    if field.shape and field.shape.otherwise and random.random() < 0.4:
        return f"Own format {random.randint(1, 3)}"
    if silent and random.random() < 0.2:
        return silent if field.many else silent[0]
    chosen = random.sample(written, min(len(written), random.randint(1, 4)))
    return [code for code in vocabulary.codes if code in chosen] if field.many else chosen[0]


def random_items(random: Random, field: Field) -> list[dict[str, Any]]:
    parts = [part for part in field.subfields if part.shape and not part.shape.is_node]
    items: list[dict[str, Any]] = []
    for number in range(random.randint(1, 3)):
        item = {part.name: random_value(random, part) for part in parts if part.needed or random.random() < 0.7}
        itself = next((part.name for part in field.subfields if part.shape and part.shape.is_node), None)
        if itself:
            item[itself] = f"{DATASET}/{field.name}/{number}"
        if item and item not in items:
            items.append(item)
    return items


def random_package(random: Random) -> dict[str, Any]:
    schema = load().schema
    package: dict[str, Any] = {}
    for field in schema.fields:
        absent = random.random() < 0.2 and not is_silent(field)
        if field.shape and not absent:
            package[field.name] = random_value(random, field)
    resources = Field(
        name="resources", label={}, help_text={}, subfields=schema.resource_fields, shape=schema.resource_shape
    )
    package["resources"] = random_items(random, resources)
    package["publisher"] = package.get("publisher", [{"name": "P", "uri": f"{DATASET}/p"}])[:1]
    return {key: value for key, value in package.items() if value}


def is_silent(field: Field) -> bool:
    """Whether absence has a code of its own, so that the field is always there."""
    vocabulary = load().vocabularies.get(field.vocabulary or "", ())
    return any(not concept.written for concept in vocabulary)


def unordered(value: Any) -> Any:
    """Repeated items have no order in RDF."""
    return sorted(map(repr, map(sorted_items, value))) if isinstance(value, list) else value


def sorted_items(value: Any) -> Any:
    return sorted(value.items()) if isinstance(value, dict) else value


def statements_of_others(random: Random, graph: Graph) -> Graph:
    """Statements such as other catalogues write, some of them about our own nodes."""
    dataset, shared = NamedNode(DATASET), BlankNode("shared")
    nodes = sorted({triple.subject for triple in graph}, key=str)
    added = [
        Triple(dataset, DCT.title, Literal("Another title", language="en")),
        Triple(dataset, DCT.issued, Literal("2020-01-01", datatype=XSD.date)),
        Triple(dataset, DCT.publisher, Literal("An office")),
        Triple(dataset, DCAT.contactPoint, shared),
        Triple(dataset, DCT.creator, shared),
        Triple(shared, VCARD.fn, Literal("Shared")),
        Triple(dataset, DCT.temporal, BlankNode("empty")),
        Triple(dataset, DCT.spatial, NamedNode("https://places.example/1")),
        Triple(dataset, DCT.accessRights, Literal("PUBLIC")),
        Triple(dataset, DCT.language, NamedNode("https://lexvo.example/eng")),
        Triple(random.choice(nodes), SCHEMA.comment, Literal("seen")),
        Triple(random.choice(nodes), FOAF.name, Literal("Nom", language="fr")),
        Triple(random.choice(nodes), DCT.type, NamedNode("https://types.example/1")),
        Triple(dataset, DCAT.distribution, random.choice(nodes)),
        Triple(random.choice(nodes), DCT.format, Literal("Own format 1")),
        Triple(random.choice(nodes), DCT.format, random.choice(nodes)),
        Triple(random.choice(nodes), RDFS.label, Literal("Own format 2")),
    ]
    return frozenset(random.sample(added, random.randint(1, len(added))))


@pytest.mark.parametrize("seed", SEEDS)
class TestLaw:
    def test_package_returns(self, seed: int) -> None:
        """package -> RDF -> package is the same package, apart from the order of repeated items."""
        package = random_package(Random(seed))
        graph = fragment_from_package(load(), package, SUBJECT)
        projection = package_from_fragment(load(), DATASET, graph)
        returned = {key: value for key, value in projection.package.items() if key not in ("title", "notes")}
        assert {key: unordered(value) for key, value in returned.items()} == {
            key: unordered(value) for key, value in package.items()
        }
        assert projection.residue == frozenset()

    def test_fragment_returns(self, seed: int) -> None:
        """RDF -> package and residue -> RDF is the same graph, with statements of others among ours."""
        random = Random(seed)
        ours = fragment_from_package(load(), random_package(random), SUBJECT)
        graph = ours | statements_of_others(random, ours)
        projection = package_from_fragment(load(), DATASET, graph)
        written = fragment_from_package(load(), projection.package, SUBJECT, projection.residue)
        assert fingerprint(written) == fingerprint(graph | own_statements(DATASET))

    def test_halves_of_a_graph_return(self, seed: int) -> None:
        """A graph with statements missing anywhere is projected, and returns as it was."""
        random = Random(seed)
        whole = sorted(fragment_from_package(load(), random_package(random), SUBJECT), key=str)
        graph = frozenset(random.sample(whole, len(whole) // 2))
        projection = package_from_fragment(load(), DATASET, graph)
        written = fragment_from_package(load(), projection.package, SUBJECT, projection.residue)
        assert fingerprint(written) == fingerprint(graph | own_statements(DATASET))


class TestFragmentFromPackage:
    def test_same_text_each_time(self) -> None:
        """Equal packages give equal N-Triples, labels of blank nodes included."""
        package = random_package(Random(1))
        texts = {ntriples_from_graph(fragment_from_package(load(), package, SUBJECT)) for _ in range(3)}
        assert len(texts) == 1

    def test_blank_nodes_of_the_residue_stay_apart(self) -> None:
        """A residue that uses our labels doesn't flow together with our nodes."""
        residue = graph_from_ntriples(f'<{DATASET}> <{DCT.relation.value}> _:c0 .\n_:c0 <{DCT.title.value}> "R" .\n')
        package = {"temporal_coverage": [{"start": "2020"}]}
        graph = fragment_from_package(load(), package, SUBJECT, residue)
        projection = package_from_fragment(load(), DATASET, graph)
        assert projection.package["temporal_coverage"] == [{"start": "2020"}]
        assert projection.residue == residue

    def test_publisher_of_the_site(self) -> None:
        """A package of this site gets the publisher and the resource addresses that the caller names."""
        subject = Subject(DATASET, Agent("https://node.example/organization/o", "Org"))
        package = {"resources": [{"id": "r", "url": "https://node.example/f.csv"}], "producer_kind": "nso"}
        graph = fragment_from_package(load(), package, subject)
        read = package_from_fragment(load(), DATASET, graph).package
        assert read["publisher"] == [{"name": "Org", "uri": "https://node.example/organization/o"}]
        assert read["resources"] == [{"url": "https://node.example/f.csv", "uri": f"{DATASET}/resource/r"}]
        assert read["producer_kind"] == "nso"

    def test_file_without_address(self) -> None:
        """A distribution needs an address (dcat:accessURL, 1..n): a resource without one isn't written at all."""
        resources = [{"id": "r", "name": "Notes"}, {"id": "s", "name": "Table", "url": "no address"}]
        assert fragment_from_package(load(), {"resources": resources}, SUBJECT) == own_statements(DATASET)

    def test_format_outside_the_list(self) -> None:
        """A format that the EU's list lacks is a dct:MediaTypeOrExtent with a label, never a literal."""
        resource = {"id": "r", "url": "https://node.example/f", "format": "Field notes"}
        graph = fragment_from_package(load(), {"resources": [resource]}, SUBJECT)
        (format_,) = (triple.object for triple in graph if triple.predicate == DCT.format)
        assert isinstance(format_, BlankNode)
        assert {(triple.predicate, triple.object) for triple in graph if triple.subject == format_} == {
            (RDF.type, DCT.MediaTypeOrExtent),
            (RDFS.label, Literal("Field notes")),
        }

    def test_closed_fields_stay_inside(self) -> None:
        """Nothing of a closed field is written: the record is the same with and without."""
        closed = {field.name: ["unknown"] for field in load().schema.fields if field.closed}
        assert set(closed) == {"consent_type", "withdrawal_possible", "personal_data", "sensitivity", "audience"}
        assert fragment_from_package(load(), closed, SUBJECT) == fragment_from_package(load(), {}, SUBJECT)

    @pytest.mark.parametrize(
        "package",
        [
            {"country": ["XYZ"]},
            {"country": None},
            {"country": 7},
            {"title_translated": "x"},
            {"title_translated": {"not a tag": "x", "en": None}},
            {"temporal_coverage": [{"start": "last year"}]},
            {"temporal_coverage": "2020"},
            {"contact": [{"url": "no address"}]},
            {"resources": [{"id": "", "url": "a b"}]},
        ],
    )
    def test_what_cannot_be_said_is_left_out(self, package: dict[str, Any]) -> None:
        """A value that no validator would have let pass makes no statement and no error."""
        assert fragment_from_package(load(), package, SUBJECT) == own_statements(DATASET)
