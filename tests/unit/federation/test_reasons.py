"""Every code has words that a publisher understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from ckanext.citizendata.core.conformance.codes import PROBLEM_CODES
from ckanext.citizendata.federation.errors import Code
from ckanext.citizendata.federation.grouping import FEED, VALUE
from ckanext.citizendata.federation.needs import KINDS
from ckanext.citizendata.federation.reasons import FEEDS, OTHER, RECORDS, Reason, reason_of
from ckanext.citizendata.federation.value_reasons import VALUES

# Words of programmers; design names those that people read instead.
FOREIGN = ("node", "ledger", "fragment", "fingerprint", "manifest", "tombstone", "IRI", "held", "ckan ", "_")


def sentences() -> Iterator[str]:
    for reason in (*FEEDS.values(), *RECORDS.values(), *(Reason(*each) for each in VALUES.values())):
        yield from filter(None, (reason.words, reason.mend))
    for kind in KINDS.values():
        yield from (kind.advice, kind.safe, kind.otherwise)


class TestReasons:
    def test_there_are_for_each_way_to_fail(self) -> None:
        """A harvest that ends without a word leaves its people alone."""
        assert set(get_args(Code)) <= FEEDS.keys()

    def test_there_are_for_each_problem_of_a_value(self) -> None:
        """What a check can say, a report can."""
        assert set(PROBLEM_CODES) <= VALUES.keys()

    @pytest.mark.parametrize("sentence", sorted(set(sentences())))
    def test_are_plain(self, sentence: str) -> None:
        """No words of programmers, no commands, no codes."""
        assert [word for word in FOREIGN if word in sentence] == []

    def test_one_code_may_mean_different_things(self) -> None:
        """A feed that is too large isn't a number that is."""
        assert len({reason_of(kind, "too_large").words for kind in (FEED, VALUE, "rejected")}) == 3

    def test_an_unknown_code_is_something_else(self) -> None:
        """An older run may have one that nobody gives any more."""
        assert reason_of("held", "no_longer_given") is OTHER
