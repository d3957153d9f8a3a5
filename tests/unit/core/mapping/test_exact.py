"""What is read fast is read as it is with care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.core.mapping.claims import Item
from ckanext.citizendata.core.mapping.exact import ExactReader
from ckanext.citizendata.core.mapping.nodes import NodeReader
from ckanext.citizendata.core.mapping.plan import NodePlan
from ckanext.citizendata.core.mapping.properties import Readable
from ckanext.citizendata.core.tokens import Token, token_of_subject
from ckanext.citizendata.core.tree import Tree

from ....generation.graphs import foreign
from ....generation.packages import DATASET, maker

SUBJECT = token_of_subject(DATASET)
SEEDS = st.integers(0, 2**32 - 1)


def nodes_of(tree: Tree) -> Iterator[tuple[NodePlan, Token]]:
    """Each node behind the predicate of a field, with the plan of that field: also where it belongs to another."""
    for field in load().plan.nodes:
        for term in tree.about(SUBJECT).get(field.predicate, ()):
            if term[0] != '"':
                yield field.node, term


def claimed_lines(tree: Tree, item: Item) -> set[tuple[Token, Token, Token]]:
    """Every statement that an item claims."""
    whole = {line for line in tree.lines if line[0] in item.whole}
    return whole.union(item.claimed)


class TestExactReader:
    @settings(max_examples=150, deadline=None, database=None)
    @given(SEEDS, st.booleans())
    def test_as_with_care(self, seed: int, is_foreign: bool) -> None:
        """The same values and the same statements, all of them; what isn't exact is left to the careful reader."""
        model = load()
        ours = fragment_from_package(model, maker(model).package(seed), Subject(DATASET))
        tree = Tree(foreign(model, seed) if is_foreign else ours)
        for plan, node in nodes_of(tree):
            fast = ExactReader(tree, SUBJECT).read(plan, node)
            careful = NodeReader(tree, SUBJECT).read_node(plan, node)
            if fast is None:
                continue
            assert careful.exact, (seed, node)
            assert (fast.values, fast.nodes) == (careful.values, careful.nodes), (seed, node)
            assert not careful.rest, (seed, node)
            assert claimed_lines(tree, fast) == claimed_lines(tree, careful), (seed, node)

    def test_whole_nodes(self) -> None:
        """A node is read fast wherever all is claimed that it, and what stands beside it, says."""
        model = load()
        for seed in range(40):
            tree = Tree(fragment_from_package(model, maker(model).package(seed), Subject(DATASET)))
            for plan, node in nodes_of(tree):
                careful = NodeReader(tree, SUBJECT).read_node(plan, node)
                claimed = Counter(line[0] for line in careful.claimed)
                if careful.exact and all(tree.size(each) == number for each, number in claimed.items()):
                    assert ExactReader(tree, SUBJECT).read(plan, node) is not None, (seed, node)


class TestReadProperties:
    @settings(max_examples=300, deadline=None, database=None)
    @given(SEEDS)
    def test_exact_is_decode(self, seed: int) -> None:
        """A codec's `exact` says what `decode` says of terms that are as written, and None of all others."""
        plan = load().plan
        about = Tree(foreign(load(), seed)).about(SUBJECT)
        readables: list[Readable] = [plan, *(field.node for field in plan.nodes)]
        for readable in readables:
            for part in readable.properties:
                terms = about.get(part.predicate)
                if not terms:
                    continue
                decoded = part.codec.decode(terms)
                is_exact = decoded.value is not None and decoded.exact and set(decoded.said) == set(terms)
                found = part.codec.exact(terms)
                assert found == (decoded.value if is_exact else None), (seed, part.key, terms)
                assert type(found) is type(decoded.value) or not is_exact
                if part.codec.single is not None:
                    assert [part.codec.single(term) for term in terms] == [part.codec.exact([term]) for term in terms]
