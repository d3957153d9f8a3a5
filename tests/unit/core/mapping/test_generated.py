"""The law of the mapping on made-up packages; what fails is told by its seed, `maker(model).package(seed)`."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, own_statements, package_from_fragment

from ....generation.formats import pairs_of, same, through
from ....generation.graphs import foreign
from ....generation.packages import DATASET, maker, normal

PACKAGES = 500
SUBJECT = Subject(DATASET)
SEEDS = st.integers(0, 2**32 - 1)
# Whatever the machine has to do besides; a package has no smaller one behind another seed.
generated = settings(
    max_examples=PACKAGES, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
)


def returned(fragment: str) -> str:
    """RDF -> record -> RDF."""
    projection = package_from_fragment(load(), DATASET, fragment)
    return fragment_from_package(load(), projection.package, SUBJECT, projection.residue)


class TestPackages:
    @generated
    @given(SEEDS)
    def test_package_returns(self, seed: int) -> None:
        """package -> RDF -> package is the same package, and no statement is left over."""
        package = maker(load()).package(seed)
        projection = package_from_fragment(load(), DATASET, fragment_from_package(load(), package, SUBJECT))
        assert projection.package == normal(load(), package), seed
        assert (projection.residue, projection.problems) == ("", ()), seed

    def test_package_returns_through(self) -> None:
        """The same through each serialisation, written and read by libraries, and the record is the same graph.

        Each record passes from one library to the other in each format, and 175 of them go all four ways.
        """
        drawn = Random()
        for number in range(PACKAGES):
            seed = drawn.getrandbits(32)
            package = maker(load()).package(seed)
            fragment = fragment_from_package(load(), package, SUBJECT)
            for way, read in through(fragment, pairs_of(number)):
                projection = package_from_fragment(load(), DATASET, read)
                assert projection.package == normal(load(), package), (seed, way)
                assert projection.residue == "", (seed, way)
                assert same(returned(read), fragment), (seed, way)


class TestGraphs:
    @generated
    @given(SEEDS)
    def test_fragment_returns(self, seed: int) -> None:
        """RDF -> record -> RDF is the same graph, with statements of others among ours and some of ours lost."""
        fragment = foreign(load(), seed)
        assert same(returned(fragment), fragment + own_statements(load(), DATASET)), seed
