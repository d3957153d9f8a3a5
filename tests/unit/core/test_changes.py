"""What everyone is told of each step in the life of a record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.citizendata.core.changes import Step, Told, told

IRI, BEFORE = "https://a.example/dataset/1", "https://old.example/dataset/1"
# An edit of a record that was for everyone before it, and is today.
EDIT = Step("update", IRI, readable=True, was_readable=True, known_as=IRI, followed=False, is_readable=True)
FIRST = replace(EDIT, operation="create", was_readable=False, known_as=None)
# It was for everyone, and isn't after this, nor today.
END = replace(EDIT, operation="withdraw", readable=False, is_readable=False)
# It was never for everyone.
HIDDEN = replace(END, was_readable=False, known_as=None)


class TestReadable:
    @pytest.mark.parametrize("operation", ["create", "raise", "restore", "update", "move"])
    def test_what_becomes_readable_is_created(self, operation: str) -> None:
        """However it becomes so."""
        assert told(replace(FIRST, operation=operation)) == Told(IRI, "created")

    @pytest.mark.parametrize("operation", ["update", "rerender"])
    def test_what_stays_readable_is_updated(self, operation: str) -> None:
        """By a person, or since it is written otherwise now."""
        assert told(replace(EDIT, operation=operation)) == Told(IRI, "updated")

    def test_a_move_is_told_of_the_old_address(self) -> None:
        """Readers know that one; the new one stands in its RDF."""
        assert told(replace(EDIT, operation="move", known_as=BEFORE)) == Told(BEFORE, "moved")

    def test_what_was_away_is_back(self) -> None:
        """Its tombstone stays in the list, its return comes behind."""
        away = replace(END, followed=True, is_readable=True)
        back = replace(FIRST, operation="restore", known_as=IRI)

        assert (told(away), told(back)) == (Told(IRI, "withdrawn"), Told(IRI, "created"))


class TestGone:
    @pytest.mark.parametrize(
        ("operation", "word"),
        [
            ("withdraw", "withdrawn"),
            ("delete", "deleted"),
            ("duplicate", "duplicate"),
            ("lower", "access_changed"),
            ("move", "access_changed"),
        ],
    )
    def test_has_a_tombstone(self, operation: str, word: str) -> None:
        """Under the address that readers know."""
        assert told(replace(END, operation=operation, known_as=BEFORE)) == Told(BEFORE, word)

    def test_earlier_entries_keep_the_address_alone(self) -> None:
        """Creation, edits, and tombstones that another one follows."""
        steps = (
            replace(FIRST, is_readable=False),
            replace(EDIT, is_readable=False),
            replace(END, operation="lower", followed=True),
        )

        assert [told(step) for step in steps] == [Told(IRI, None)] * 3

    @pytest.mark.parametrize("operation", ["lower", "raise", "restore", "update"])
    def test_what_happens_behind_closed_doors_is_not_told(self, operation: str) -> None:
        """Its readers changed once; among whom it goes on is nobody else's business."""
        assert told(replace(END, operation=operation, was_readable=False)) is None

    def test_a_withdrawal_behind_closed_doors_is_told(self) -> None:
        """It reaches those who kept what they read while it was for everyone."""
        assert told(replace(END, was_readable=False)) == Told(IRI, "withdrawn")


class TestHidden:
    @pytest.mark.parametrize("operation", ["create", "update", "lower", "raise", "withdraw", "delete", "move"])
    def test_was_never_there(self, operation: str) -> None:
        """Not by its creation, not by its end."""
        assert told(replace(HIDDEN, operation=operation)) is None
