from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph as RdflibGraph
from rdflib.compare import isomorphic

from ckanext.citizendata.core.fingerprint import fingerprint, named_by_content
from ckanext.citizendata.core.graph import Graph, ntriples_from_graph
from ckanext.citizendata.core.tokens import lines_of

KNOWS = NamedNode("http://example.org/knows")
NAME = NamedNode("http://example.org/name")
ROOT = NamedNode("http://example.org/dataset")
SEEDS = range(40)


def graph_of(turtle: str) -> Graph:
    prefix = "@prefix : <http://example.org/> .\n"
    return frozenset(quad.triple for quad in parse(prefix + turtle, format=RdfFormat.TURTLE))


def invented_graph(seed: int) -> Graph:
    """Some twenty statements with blank nodes that point at each other, as a real description has them, or worse."""
    chance = random.Random(seed)
    blanks = [BlankNode(f"n{number}") for number in range(chance.randint(1, 8))]
    subjects = [ROOT, *blanks]
    texts = [Literal(word, language=tag) for word in ("water", "maji") for tag in ("en", "sw")]
    targets = [*blanks, *texts, NamedNode("http://example.org/other")]
    edges = [Triple(chance.choice(subjects), chance.choice([KNOWS, NAME]), chance.choice(targets)) for _ in range(20)]
    return frozenset(edges)


def with_other_labels(graph: Graph, seed: int) -> Graph:
    """The same statements with shuffled blank-node labels."""
    blanks = sorted({node for t in graph for node in t if isinstance(node, BlankNode)}, key=str)
    labels = [f"x{number}" for number in range(len(blanks))]
    random.Random(seed).shuffle(labels)
    names = {node: BlankNode(label) for node, label in zip(blanks, labels, strict=True)}
    return frozenset(Triple(names.get(s, s), p, names.get(o, o)) for s, p, o in graph)  # type: ignore[arg-type]


def fingerprint_of(graph: Iterable[Triple]) -> str:
    return fingerprint(ntriples_from_graph(graph))


def relabelled_of(graph: Iterable[Triple]) -> str:
    return named_by_content(lines_of(ntriples_from_graph(graph))).text


def rdflib_graph(graph: Graph) -> RdflibGraph:
    return RdflibGraph().parse(data=ntriples_from_graph(graph), format="nt")


class TestFingerprint:
    def test_has_64_hex_digits(self) -> None:
        """A fingerprint is a SHA-256 in hex, also of nothing."""
        assert len(fingerprint_of(frozenset())) == 64
        assert int(fingerprint_of(graph_of(":a :b :c .")), 16)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_labels_of_blank_nodes_do_not_matter(self, seed: int) -> None:
        """Another parser, or another page, names blank nodes otherwise."""
        graph = invented_graph(seed)
        assert fingerprint_of(graph) == fingerprint_of(with_other_labels(graph, seed))

    def test_the_order_of_statements_does_not_matter(self) -> None:
        """Statements have no order."""
        lines = [":a :b [ :c 1 ] .", ":a :b [ :c 2 ] .", ":a :d :e ."]
        assert len({fingerprint_of(graph_of("\n".join(order))) for order in itertools.permutations(lines)}) == 1

    def test_the_case_of_language_tags_does_not_matter(self) -> None:
        """One parser lower-cases tags and another doesn't."""
        assert fingerprint_of(graph_of(':a :b "x"@en-GB .')) == fingerprint_of(graph_of(':a :b "x"@EN-gb .'))

    @pytest.mark.parametrize("seed", SEEDS)
    def test_any_other_literal_changes_it(self, seed: int) -> None:
        """Each single literal of a graph counts, wherever it stands."""
        graph = invented_graph(seed)
        for statement in graph:
            if isinstance(statement.object, Literal):
                changed = Literal(statement.object.value + ".", language=statement.object.language)
                other = (graph - {statement}) | {Triple(statement.subject, statement.predicate, changed)}
                assert fingerprint_of(other) != fingerprint_of(graph)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_any_statement_less_changes_it(self, seed: int) -> None:
        """Each single statement counts, except where two say the same of indistinguishable blank nodes."""
        graph = invented_graph(seed)
        for statement in graph:
            fewer = graph - {statement}
            assert fingerprint_of(fewer) != fingerprint_of(graph)
            assert not isomorphic(rdflib_graph(fewer), rdflib_graph(graph))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (':a :b "1" .', ":a :b 1 ."),
            (':a :b "x"@en .', ':a :b "x"@fr .'),
            (':a :b "x" .', ':a :b "x"@en .'),
            (":a :b [ :c 1 ; :d 2 ] .", ":a :b [ :c 1 ] , [ :d 2 ] ."),
            (":a :b _:x . :c :d _:x .", ":a :b _:x . :c :d _:y ."),
            (":a :b _:x , _:y . _:x :c _:z . _:y :c _:z .", ":a :b _:x , _:y . _:x :c _:z . _:y :c _:w ."),
            (":a :b ( 1 2 3 ) .", ":a :b ( 1 3 2 ) ."),
        ],
    )
    def test_tells_apart_what_says_something_else(self, one: str, other: str) -> None:
        """Datatype, language, the wiring of blank nodes and the order of a list all count."""
        assert fingerprint_of(graph_of(one)) != fingerprint_of(graph_of(other))

    def test_a_clique_takes_no_longer_than_its_statements(self) -> None:
        """Fifty blank nodes that all point at each other, on which canonicalisation never ends."""
        nodes = [BlankNode(f"n{number}") for number in range(50)]
        clique = frozenset(Triple(one, KNOWS, other) for one, other in itertools.permutations(nodes, 2))
        assert fingerprint_of(clique) == fingerprint_of(with_other_labels(clique, 1))

    def test_a_long_chain_ends_after_fixed_rounds(self) -> None:
        """A chain of blank nodes that say nothing else."""
        nodes = [BlankNode(f"n{number}") for number in range(2000)]
        chain = frozenset(Triple(one, KNOWS, other) for one, other in itertools.pairwise(nodes))
        assert fingerprint_of(chain) == fingerprint_of(with_other_labels(chain, 1))


class TestNamedByContent:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_says_the_same(self, seed: int) -> None:
        """Only labels change."""
        graph = invented_graph(seed)
        assert isomorphic(RdflibGraph().parse(data=relabelled_of(graph), format="nt"), rdflib_graph(graph))

    def test_gives_equal_text_for_equal_descriptions(self) -> None:
        """Two readings of one page are stored as the same text."""
        graph = graph_of(':a :b [ :c "x" ; :d [ :e "y" ] ] , [ :c "z" ] .')
        texts = {relabelled_of(with_other_labels(graph, seed)) for seed in range(10)}
        assert len(texts) == 1
