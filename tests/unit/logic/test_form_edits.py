"""Two people at one record: whose answer counts, and which of them meet."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.logic.forms.form_edits import merged, seen_of

NAMES = ("title", "notes", "country", "contact")
BEGUN = {"title": {"en": "Wells"}, "notes": {"en": "One\nTwo"}, "country": ["KEN"], "size": 120, "contact": []}


class TestMerged:
    def test_takes_what_only_others_changed(self) -> None:
        """An answer that wasn't touched here is the other's; the touched one stays."""
        stored = BEGUN | {"country": ["KEN", "UGA"]}
        found = merged(BEGUN | {"title": {"en": "Water"}}, stored, seen_of(BEGUN, NAMES), NAMES)

        assert (found.package["title"], found.package["country"]) == ({"en": "Water"}, ["KEN", "UGA"])
        assert (found.conflicts, found.taken) == ((), ("country",))

    def test_tells_what_both_changed(self) -> None:
        """What was typed stays in the form, and the field is named."""
        found = merged(BEGUN | {"country": ["GHA"]}, BEGUN | {"country": ["UGA"]}, seen_of(BEGUN, NAMES), NAMES)

        assert (found.package["country"], found.conflicts) == (["GHA"], ("country",))

    def test_both_may_say_the_same(self) -> None:
        """Also where a lost answer of the server makes somebody send her own change again."""
        both = BEGUN | {"country": ["UGA"]}

        assert merged(both, both, seen_of(BEGUN, NAMES), NAMES).conflicts == ()

    def test_an_answer_may_be_taken_away(self) -> None:
        """Nothing is an answer too: emptied here and changed there meet."""
        seen = seen_of(BEGUN, NAMES)

        assert merged(BEGUN | {"country": []}, BEGUN, seen, NAMES).package["country"] == []
        assert merged(BEGUN | {"country": []}, BEGUN | {"country": ["UGA"]}, seen, NAMES).conflicts == ("country",)

    @pytest.mark.parametrize("seen", ["", "nonsense", "title:0123456789"])
    def test_without_a_memory_what_was_typed_counts(self, seen: str) -> None:
        """As with a program that posts a form."""
        found = merged({"country": ["GHA"]}, BEGUN, seen, NAMES)

        assert (found.package, found.conflicts) == ({"country": ["GHA"]}, ())

    def test_leaves_other_fields_alone(self) -> None:
        """Files, and what the form doesn't ask."""
        found = merged({"resources": [1]}, {"resources": [2]}, seen_of({}, NAMES), NAMES)

        assert (found.package, found.conflicts) == ({"resources": [1]}, ())


class TestSeen:
    @pytest.mark.parametrize(
        ("stored", "sent"),
        [
            ({"notes": {"en": "One\nTwo"}}, {"notes": {"en": "One\r\nTwo"}}),
            ({"notes": {"en": "One "}}, {"notes": {"en": "One"}}),
            ({"title": 12.5}, {"title": "12.5"}),
            ({"title": None}, {"title": ""}),
            ({"country": ["UGA", "KEN"]}, {"country": ["KEN", "UGA"]}),
            ({"contact": [{"name": "A", "email": ""}]}, {"contact": [{"name": "A"}]}),
        ],
        ids=str,
    )
    def test_is_the_same_for_what_a_browser_sends_back(self, stored: dict[str, Any], sent: dict[str, Any]) -> None:
        """Untouched answers come in other ends of lines, as words, and without what is empty."""
        assert seen_of(stored, NAMES) == seen_of(sent, NAMES)

    def test_tells_apart(self) -> None:
        """Zero is an answer, and rows have an order."""
        assert seen_of({"title": 0}, NAMES) != seen_of({}, NAMES)
        rows = [{"name": "A"}, {"name": "B"}]
        assert seen_of({"contact": rows}, NAMES) != seen_of({"contact": rows[::-1]}, NAMES)
