"""Who will see a quick record, by the answers on safety and the choice."""

from __future__ import annotations

import pytest

from ckanext.citizendata.logic.forms.quick_record import Outcome, audience_by_answers, outcome

NO = {"sensitivity": "low_or_none", "personal_data": "none", "indigenous_data": "no"}


class TestAudienceByAnswers:
    @pytest.mark.parametrize(
        ("answers", "expected"),
        [
            ({}, None),
            ({"sensitivity": "moderate", "personal_data": "anonymised"}, None),
            ({"sensitivity": "unknown"}, "everyone_short"),
            ({"indigenous_data": "yes"}, "producer"),
            ({"sensitivity": "high"}, "producer"),
            ({"sensitivity": "severe"}, "producer"),
            ({"personal_data": "identifiable"}, "producer"),
            ({"personal_data": "identifiable", "sensitivity": "unknown"}, "producer"),
        ],
        ids=str,
    )
    def test_is_careful(self, answers: dict[str, str], expected: str | None) -> None:
        """A yes keeps it with own people, a don't know from being told in full, three times no leave the choice."""
        assert audience_by_answers(NO | answers) == expected


class TestOutcome:
    def test_of_three_times_no(self) -> None:
        """What was chosen, at once."""
        assert outcome(NO | {"audience": "everyone"}) == Outcome("everyone", ("everyone",), careful=False, capped=False)

    def test_of_a_dont_know(self) -> None:
        """Never in full for everyone; a narrower choice stays."""
        assert outcome(NO | {"audience": "everyone", "personal_data": "unknown"}) == Outcome(
            "everyone_short", ("everyone",), careful=False, capped=True
        )
        assert outcome(NO | {"audience": "national", "personal_data": "unknown"}).seen_by == "national"

    def test_of_a_yes(self) -> None:
        """Own people first; the wider choice is there for those whom it concerns to agree to."""
        assert outcome(NO | {"audience": "everyone", "indigenous_data": "yes"}) == Outcome(
            "producer", ("producer", "everyone"), careful=True, capped=False
        )
        assert outcome(NO | {"indigenous_data": "yes"}).choices == ("producer",)

    @pytest.mark.parametrize("audience", ["", None, "all"])
    def test_unreadable_means_hidden(self, audience: str | None) -> None:
        """Without a choice that anybody made it is for own people."""
        assert outcome(NO | {"audience": audience}).seen_by == "producer"
