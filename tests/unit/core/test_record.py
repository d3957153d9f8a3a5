from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ckanext.citizendata.core.listing import TOMBSTONE_KINDS
from ckanext.citizendata.core.record import (
    RecordState,
    is_public,
    member_of,
    operation_between,
    public_since,
    state_after,
    tombstone,
)

MONDAY = datetime(2026, 1, 5, tzinfo=timezone.utc)
TUESDAY = datetime(2026, 1, 6, tzinfo=timezone.utc)
STATES = ("live", "draft", "closed", "withdrawn", "deleted", "absent")
LIVE = RecordState("https://a.example/dataset/1", "local", "everyone", "live", "f1", "1", MONDAY)
EDITED = replace(LIVE, fingerprint="f2", modified=TUESDAY)

# Every pair of states, then every difference between two live ones, written by hand.
TRANSITIONS = [
    (None, "live", "create"),
    (None, "draft", None),
    (None, "withdrawn", "withdraw"),
    (None, "deleted", None),
    (None, "closed", None),
    ("live", "live", None),
    ("live", "draft", "lower"),
    ("live", "withdrawn", "withdraw"),
    ("live", "deleted", "delete"),
    ("live", "closed", "lower"),
    ("draft", "live", "restore"),
    ("draft", "draft", None),
    ("draft", "withdrawn", "withdraw"),
    ("draft", "deleted", "delete"),
    ("draft", "closed", None),
    ("closed", "live", "restore"),
    ("closed", "draft", None),
    ("closed", "closed", None),
    ("closed", "withdrawn", "withdraw"),
    ("closed", "deleted", "delete"),
    ("withdrawn", "live", "restore"),
    ("withdrawn", "draft", None),
    ("withdrawn", "withdrawn", None),
    ("withdrawn", "deleted", "delete"),
    ("withdrawn", "closed", None),
    ("deleted", "live", "restore"),
    ("deleted", "draft", None),
    ("deleted", "withdrawn", "withdraw"),
    ("deleted", "deleted", None),
    ("deleted", "closed", None),
    (None, "absent", None),
    ("live", "absent", "delete"),
    ("draft", "absent", "delete"),
    ("closed", "absent", "delete"),
    ("withdrawn", "absent", "delete"),
    ("deleted", "absent", "delete"),
    ("absent", "live", "restore"),
    ("absent", "draft", None),
    ("absent", "withdrawn", "withdraw"),
    ("absent", "deleted", "delete"),
    ("absent", "closed", None),
    ("absent", "absent", None),
]
AUDIENCES = [
    ("everyone", "everyone_short", "lower"),
    ("everyone", "producer", "lower"),
    ("everyone", None, "lower"),
    ("everyone_short", "national", "lower"),
    ("everyone_short", "everyone", "raise"),
    ("partners", "producer", "lower"),
    ("producer", "partners", "raise"),
    ("national", "collaborative", "raise"),
    ("collaborative", "national", "raise"),
    (None, "everyone", "raise"),
    (None, "producer", None),
]


class TestOperationBetween:
    @pytest.mark.parametrize(("before", "after", "operation"), TRANSITIONS)
    def test_states(self, before: str | None, after: str, operation: str | None) -> None:
        """Each step from one state to another has one name, or none where nobody elsewhere sees a difference."""
        old = replace(LIVE, state=before) if before else None

        assert operation_between(old, replace(LIVE, state=after)) == operation

    def test_the_table_is_complete(self) -> None:
        """The table above names every pair of states."""
        assert {(before, after) for before, after, _ in TRANSITIONS} == {
            (before, after) for before in (None, *STATES) for after in STATES
        }

    @pytest.mark.parametrize(("before", "after", "operation"), AUDIENCES)
    def test_audiences(self, before: str | None, after: str | None, operation: str | None) -> None:
        """A proper subset of readers is lower; anything else is a raise."""
        assert operation_between(replace(LIVE, audience=before), replace(LIVE, audience=after)) == operation

    def test_an_edit_is_an_update(self) -> None:
        """New statements with a new time of editing are an update."""
        assert operation_between(LIVE, EDITED) == "update"

    def test_new_statements_without_an_edit_are_a_rerender(self) -> None:
        """The same edit told in other statements is a rerender."""
        assert operation_between(LIVE, replace(LIVE, fingerprint="f2", mapping_version="2")) == "rerender"

    def test_an_edit_that_changes_no_statement_is_none(self) -> None:
        """A new time of editing or a new mapping alone isn't a change."""
        assert operation_between(LIVE, replace(LIVE, modified=TUESDAY, mapping_version="2")) is None

    def test_an_audience_goes_before_an_update(self) -> None:
        """One row tells both; its name is the one that matters more."""
        assert operation_between(LIVE, replace(EDITED, audience="producer")) == "lower"

    def test_a_new_address_is_a_move(self) -> None:
        """A live record under another address moved, whatever else changed."""
        assert operation_between(LIVE, replace(EDITED, iri="https://b.example/1", audience=None)) == "move"

    @pytest.mark.parametrize("state", ["draft", "closed", "withdrawn", "deleted", "absent"])
    def test_what_is_not_live_changes_in_silence(self, state: str) -> None:
        """Nobody is told of edits to a record that is gone."""
        assert operation_between(replace(LIVE, state=state), replace(EDITED, state=state, audience="producer")) is None


class TestStateAfter:
    @pytest.mark.parametrize(
        ("package", "before", "after"),
        [
            ("active", None, "live"),
            ("active", "live", "live"),
            ("active", "draft", "live"),
            ("active", "deleted", "live"),
            ("active", "withdrawn", "withdrawn"),
            ("draft", None, "draft"),
            ("draft", "live", "draft"),
            ("draft", "withdrawn", "withdrawn"),
            ("deleted", "live", "deleted"),
            ("deleted", "withdrawn", "withdrawn"),
            ("active", "closed", "closed"),
            ("draft", "closed", "closed"),
            ("deleted", "closed", "closed"),
            ("active", "absent", "absent"),
            ("deleted", "absent", "absent"),
            ("a state of another extension", None, "draft"),
        ],
    )
    def test_follows_the_package_unless_decided(self, package: str, before: str | None, after: str) -> None:
        """A record follows its package; a withdrawn, closed or absent one stays so, and an unknown state hides."""
        assert state_after(package, before) == after


class TestTombstone:
    @pytest.mark.parametrize(
        ("state", "audience", "expected"),
        [
            ("live", "everyone", None),
            ("live", "everyone_short", "no_longer_public"),
            ("live", None, "no_longer_public"),
            ("draft", "everyone", "no_longer_public"),
            ("withdrawn", "everyone", "withdrawn"),
            ("withdrawn", "producer", "withdrawn"),
            ("closed", "everyone", "no_longer_public"),
            ("deleted", "everyone", "deleted"),
            ("absent", "everyone", "absent"),
        ],
    )
    def test_stands_for_what_was_public(self, state: str, audience: str | None, expected: str | None) -> None:
        """What everyone could read and can't any more leaves a tombstone of a known class."""
        record = replace(LIVE, state=state, audience=audience, public_since=MONDAY)

        assert tombstone(record) == expected
        assert expected is None or expected in TOMBSTONE_KINDS

    @pytest.mark.parametrize("state", STATES)
    def test_never_for_what_never_was_public(self, state: str) -> None:
        """A tombstone would tell of a record that nobody could know of."""
        assert tombstone(replace(LIVE, state=state, audience="producer")) is None


class TestPublicSince:
    def test_is_the_first_moment(self) -> None:
        """It is set when everyone can read the record."""
        assert public_since(None, LIVE, MONDAY) == MONDAY

    def test_stays(self) -> None:
        """It outlives a withdrawal and a return, for the first copy stays."""
        first = replace(LIVE, public_since=MONDAY)

        assert public_since(first, replace(first, state="withdrawn"), TUESDAY) == MONDAY
        assert public_since(first, first, TUESDAY) == MONDAY

    @pytest.mark.parametrize("before", [None, replace(LIVE, audience="producer")])
    def test_is_none_while_hidden(self, before: RecordState | None) -> None:
        """A record for fewer than everyone was never public."""
        assert public_since(before, replace(LIVE, audience="everyone_short"), MONDAY) is None


class TestIsPublic:
    def test_needs_both(self) -> None:
        """Live and for everyone; neither alone."""
        assert is_public(LIVE)
        assert not is_public(replace(LIVE, state="withdrawn"))
        assert not is_public(replace(LIVE, audience="national"))


class TestMemberOf:
    def test_names_the_member(self) -> None:
        """The name after `member:`; a record of this site has none."""
        assert member_of("member:kenya") == "kenya"
        assert member_of("local") is None
