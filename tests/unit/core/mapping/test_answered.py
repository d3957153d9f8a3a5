"""The ends of statements that give an answer, held against what the mapping writes."""

from __future__ import annotations

import pytest

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.core.mapping.answered import statements_of
from ckanext.citizendata.core.rules import CAREFUL

IRI = "https://node.example.org/dataset/a"


class TestStatementsOf:
    @pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in CAREFUL.items() for code in codes])
    def test_stand_in_the_fragment_of_a_package_that_answers_so(self, name: str, code: str) -> None:
        """And in no other."""
        ends = statements_of(load(), {name: {code}})
        package = {"title_translated": {"en": "Forest"}, name: code}
        assert any(end in fragment_from_package(load(), package, Subject(IRI)) for end in ends)
        for other in ("unknown", "no", "low_or_none"):
            fragment = fragment_from_package(load(), {**package, name: other}, Subject(IRI))
            assert not any(end in fragment for end in ends)

    def test_name_an_entry_by_http_and_https(self) -> None:
        """As the mapping reads it."""
        assert statements_of(load(), {"indigenous_data": {"yes"}}) == tuple(
            f"<https://w3id.org/citizen-data/ns#indigenousData> <{scheme}://w3id.org/citizen-data/vocabulary"
            "/yes-no-unknown/yes> ."
            for scheme in ("https", "http")
        )

    def test_are_none_for_a_field_that_this_site_does_not_have(self) -> None:
        """Nor for a code that its list doesn't have."""
        assert statements_of(load(), {"no_such_field": {"yes"}, "indigenous_data": {"no_such_code"}}) == ()
