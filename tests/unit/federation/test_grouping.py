"""All problems of one kind once, whatever their number."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.grouping import FEED, MOST, VALUE, Grouping, counted, field_of
from ckanext.citizendata.federation.report import Item

A, B = "https://a.example.org/1", "https://a.example.org/2"


def mail(place: int) -> Problem:
    return Problem(f"contact[{place}].email", "no_mail", f"“{place}” is no address", advice="Write one")


class TestGrouping:
    def test_puts_what_is_the_same_together(self) -> None:
        """With how often it was, and examples that differ; what went well is no problem."""
        grouping = Grouping()
        grouping.add([Item(A, "added", problems=(mail(0), mail(1))), Item(B, "changed", problems=(mail(0),))])
        grouping.add([Item(A, "unchanged")])
        (group,) = grouping.groups()
        assert (group.kind, group.code, group.field, group.count) == (VALUE, "no_mail", "contact.email", 3)
        assert [(each.iri, each.message) for each in group.examples] == [
            (A, "“0” is no address"),
            (A, "“1” is no address"),
            (B, "“0” is no address"),
        ]

    def test_tells_the_feed_first_then_records_then_values(self) -> None:
        """A note about the feed has no record; a record without an address is one all the same."""
        grouping = Grouping()
        grouping.add([Item(A, "added", problems=(mail(0),)), Item("", "rejected", "None", code="no_identity")])
        grouping.add([Item("", "note", "Not whole", code="incomplete"), Item(B, "held", code="ambiguous")])
        kinds = [(group.kind, group.code) for group in grouping.groups()]
        assert kinds == [
            (FEED, "incomplete"), ("held", "ambiguous"), ("rejected", "no_identity"), (VALUE, "no_mail")
        ]  # fmt: skip

    def test_memory_does_not_grow_with_a_feed(self) -> None:
        """Not with its records, nor with the ways in which it is wrong, nor with the length of a message."""
        grouping = Grouping()
        for number in range(MOST * 3):
            problem = Problem(f"field_{number}", "too_long", "x" * 10_000)
            grouping.add([Item(f"{A}/{number}", "added", problems=(problem,))])
        groups = grouping.groups()
        assert len(groups) == MOST + 1
        assert sum(group.count for group in groups) == MOST * 3
        assert max(len(each.message) for group in groups for each in group.examples) < 1000

    def test_counts_without_a_word_about_records(self) -> None:
        """What everybody may know."""
        grouping = Grouping()
        grouping.add([Item(A, "held", "Secret title", code="withdrawn"), Item(B, "added", problems=(mail(0), mail(1)))])
        assert counted(grouping.groups()) == {"held": {"withdrawn": 1}, VALUE: {"no_mail": 2}}


class TestFieldOf:
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("country[0]", "country"),
            ("contact[12].email", "contact.email"),
            ("title_translated.en-GB", "title_translated.en-GB"),
            ("resources[https://a.example.org/f.csv].format", "resources.format"),
            (A, ""),
            ("", ""),
        ],
    )
    def test_leaves_places_out(self, path: str, field: str) -> None:
        """And what is no field: an address is no name that people know."""
        assert field_of(path) == field
