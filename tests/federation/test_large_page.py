"""A catalogue in one file that isn't held in memory is harvested like any other."""

from __future__ import annotations

from .conftest import Kenya, counts, dataset, iris, listing, tombstone
from .test_harvest import JANUARY, MARCH, A, outcomes, titles

# Ten megabytes about other things than datasets, of which readers find nothing.
BALLAST = "".join(
    f'<https://node.example.org/term/{number}> dct:description "{"all about it " * 15}"@en .\n'
    for number in range(40_000)
)


class TestLargePage:
    def test_is_harvested_twice_and_proves_absence(self, kenya: Kenya) -> None:
        """Parts count as one page: what is missing on it is missing, and what it takes back is taken back."""
        many = iris(450)
        nameless = '[] a dcat:Dataset ; dct:identifier "17" ; dct:title "Nameless"@en .\n'
        report = kenya(many, more=BALLAST + dataset(A, "Water") + listing(A, JANUARY) + nameless)
        assert (report.state, counts(report)) == ("finished", {"added": 452})
        assert len(titles()) == 10
        again = kenya(many, more=BALLAST + dataset(A, "Water") + listing(A, JANUARY) + nameless)
        assert (counts(again), again.notes) == ({"unchanged": 452}, ())
        last = kenya(many[1:], more=BALLAST + dataset(A, "Water") + tombstone(A, MARCH))
        assert [iri for iri, outcome in outcomes(last).items() if outcome == "removed"] == [A]
        assert {iri for iri, outcome in outcomes(last).items() if outcome == "missing"} > {many[0]}
        assert counts(last) == {"unchanged": 449, "removed": 1, "missing": 2}
