from __future__ import annotations

import pytest

from ckanext.citizendata.core.audience import (
    AUDIENCES,
    Reader,
    effective,
    is_lower,
    is_open,
    lowest,
    readable,
    readers,
)

SAFE = {"sensitivity": "low", "personal_data": "none", "indigenous_data": "no"}


class TestReaders:
    @pytest.mark.parametrize(
        ("audience", "expected"),
        [
            ("producer", {Reader.OWN}),
            ("partners", {Reader.OWN, Reader.PARTNER}),
            ("national", {Reader.OWN, Reader.NATIONAL}),
            ("collaborative", {Reader.OWN, Reader.MEMBER}),
            ("everyone_short", {Reader.OWN, Reader.PARTNER, Reader.NATIONAL, Reader.MEMBER, Reader.SHORT}),
            ("everyone", set(Reader)),
            (None, {Reader.OWN}),
            ("everybody", {Reader.OWN}),
        ],
    )
    def test_each_audience_is_a_set_of_readers(self, audience: str | None, expected: set[Reader]) -> None:
        """The closed list, with own people alone for what can't be read."""
        assert readers(audience) == expected

    def test_own_people_always_read(self) -> None:
        """No choice shuts out the people of the producer."""
        assert all(Reader.OWN in readers(audience) for audience in AUDIENCES)


class TestEffective:
    @pytest.mark.parametrize("audience", sorted(AUDIENCES))
    def test_is_the_choice_where_the_safety_questions_are_answered(self, audience: str) -> None:
        """Three answers: the chosen audience at once."""
        assert effective({**SAFE, "audience": audience}) == audience

    @pytest.mark.parametrize("question", sorted(SAFE))
    @pytest.mark.parametrize("answer", ["unknown", "", None])
    def test_is_capped_where_one_is_open(self, question: str, answer: str | None) -> None:
        """A "don't know", or no answer, at any of the three caps it at the short version."""
        assert effective({**SAFE, "audience": "everyone", question: answer}) == "everyone_short"

    def test_is_not_raised_by_the_cap(self) -> None:
        """What is below the short version stays where it is."""
        assert effective({"audience": "producer"}) == "producer"

    @pytest.mark.parametrize("audience", [None, "", "everybody", "EVERYONE", ["everyone"], 1])
    def test_is_none_where_unreadable(self, audience: object) -> None:
        """A missing or unknown choice hides."""
        assert effective({**SAFE, "audience": audience}) is None


class TestIsOpen:
    def test_only_everyone_in_full(self) -> None:
        """For now only one audience travels."""
        assert [audience for audience in [*AUDIENCES, None] if is_open(audience)] == ["everyone"]


class TestIsLower:
    def test_is_a_proper_subset(self) -> None:
        """Sideways and the same aren't lower."""
        assert is_lower("national", "everyone")
        assert not is_lower("national", "collaborative")
        assert not is_lower("national", "national")


class TestLowest:
    @pytest.mark.parametrize(
        ("audience", "limit", "expected"),
        [
            ("everyone", "everyone", "everyone"),
            ("producer", "everyone", "producer"),
            ("everyone", "collaborative", "collaborative"),
            ("national", "collaborative", "collaborative"),
            (None, "everyone", None),
            ("everyone", None, None),
        ],
    )
    def test_never_goes_beyond_the_limit(self, audience: str | None, limit: str | None, expected: str | None) -> None:
        """A feed may lower what a member was admitted with, never raise it."""
        assert lowest(audience, limit) == expected


class TestReadable:
    def test_knows_the_closed_list(self) -> None:
        """Our six, and nothing else."""
        assert readable("national") == "national"
        assert readable("nation") is None
