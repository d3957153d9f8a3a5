"""What becomes of a record that a complete feed doesn't list; the outcomes are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ckanext.citizendata.federation.absence import Patience, Survey, refused, removal, surveyed
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.ports import Brake, Entry, Member

IRI = "https://node.example.org/dataset/a"
MONDAY = datetime(2026, 6, 1, 8, tzinfo=timezone.utc)
EVENING = MONDAY + timedelta(hours=23, minutes=59)
TUESDAY = MONDAY + timedelta(hours=24)
MEMBER = Member("kenya", "Kenya", "https://node.example.org/feed", "everyone")
PATIENCE = Patience(MEMBER, timedelta(hours=24))

PUBLISHED = Entry(IRI, "published", package_id="p", fingerprint="f")
ONCE = replace(PUBLISHED, state="missing", absences=1, gone_since=MONDAY)
HIDDEN = replace(ONCE, state="hidden")
TWICE = replace(ONCE, absences=2)
WAITS = replace(TWICE, removal="waits")
REFUSED = replace(TWICE, removal="refused")
# Hidden while it was missing, then listed in a way that couldn't be taken.
LISTED_AND_REFUSED = replace(HIDDEN, absences=0, gone_since=None)


def many(number: int, entry: Entry) -> list[Entry]:
    return [replace(entry, iri=f"{IRI}{each}") for each in range(number)]


def survey(missing: list[Entry], standing: int, now: datetime = TUESDAY, patience: Patience = PATIENCE) -> Survey:
    return surveyed(missing, standing, patience, now)


def decisions(
    missing: list[Entry], standing: int, now: datetime = TUESDAY, brake: Brake | None = None, guarded: str = ""
) -> list[Decision]:
    patience = replace(PATIENCE, member=replace(MEMBER, brake=brake or Brake()))
    return [*survey(missing, standing, now, patience).decisions(missing, {guarded})]


def outcomes(missing: list[Entry], standing: int, brake: Brake | None = None) -> set[str]:
    return {each.item.outcome for each in decisions(missing, standing, brake=brake)}


def alone(entry: Entry, now: datetime, *, guarded: bool = False) -> Decision:
    """The decision about one of a hundred records."""
    (found,) = decisions([entry], 100, now, guarded=IRI if guarded else "")
    return found


class TestCounting:
    @pytest.mark.parametrize(
        ("entry", "now", "outcome", "state_after", "absences_after"),
        [
            (PUBLISHED, MONDAY, "missing", "missing", 1),
            (ONCE, MONDAY, "missing", "missing", 1),
            (ONCE, EVENING, "missing", "missing", 1),
            (ONCE, TUESDAY, "removed", "removed", 2),
            (HIDDEN, EVENING, "hidden", "hidden", 1),
            (HIDDEN, TUESDAY, "removed", "removed", 2),
            (TWICE, MONDAY, "removed", "removed", 2),
            (LISTED_AND_REFUSED, TUESDAY, "hidden", "hidden", 1),
        ],
    )
    def test_twice_a_day_apart_removes(
        self, entry: Entry, now: datetime, outcome: str, state_after: str, absences_after: int
    ) -> None:
        """However often it is harvested in between; what lies in between is one absence."""
        found = alone(entry, now)
        after = found.after or entry
        assert (found.item.outcome, after.state, after.absences) == (outcome, state_after, absences_after)

    def test_keeps_since_when_it_is_missing(self) -> None:
        """From the first absence on; it is the date in the sentence too."""
        first = alone(PUBLISHED, MONDAY)
        assert first.after is not None
        assert first.after.gone_since == MONDAY
        assert "after 2026-06-02 08:00 UTC" in first.item.reason
        second = alone(first.after, TUESDAY)
        assert second.after is not None
        assert second.after.gone_since == MONDAY

    def test_again_within_the_day_writes_nothing(self) -> None:
        """A run that was killed and started again leaves the same ledger."""
        first = alone(PUBLISHED, MONDAY)
        assert first.after is not None
        again = alone(first.after, EVENING)
        assert (again.after, again.action, again.item) == (None, "note", first.item)

    def test_a_date_that_was_lost_starts_anew(self) -> None:
        """A count without a date proves nothing."""
        found = alone(replace(ONCE, gone_since=None), TUESDAY)
        assert found.after is not None
        assert (found.after.absences, found.after.gone_since) == (1, TUESDAY)

    def test_the_time_between_is_the_registrys_choice(self) -> None:
        """An hour, as set."""
        patience = replace(PATIENCE, apart=timedelta(hours=1))
        (found,) = survey([ONCE], 100, MONDAY + timedelta(hours=1), patience).decisions([ONCE], ())
        assert found.item.outcome == "removed"
        assert "at least 1 hours apart" in found.item.reason


class TestBrake:
    @pytest.mark.parametrize(
        ("standing", "most"), [(1, 3), (3, 3), (30, 3), (39, 3), (40, 4), (100, 10), (109, 10), (5000, 500)]
    )
    def test_lets_three_or_a_tenth_pass(self, standing: int, most: int) -> None:
        """The greater of both; one more is held, all of them."""
        assert Brake().most(standing) == most
        assert outcomes(many(most, ONCE), standing) == {"removed"}
        assert outcomes(many(most + 1, ONCE), standing) == {"held"}

    @pytest.mark.parametrize(
        ("brake", "standing", "most"), [(Brake(0, 0), 50, 0), (Brake(1, 0), 50, 1), (Brake(0, 50), 9, 4)]
    )
    def test_is_set_for_each_member(self, brake: Brake, standing: int, most: int) -> None:
        """Down to none at all."""
        assert outcomes(many(most, ONCE), standing, brake) <= {"removed"}
        assert outcomes(many(most + 1, ONCE), standing, brake) == {"held"}

    def test_counts_only_what_would_go_now(self) -> None:
        """Records that are missing for the first time go nowhere yet."""
        found = decisions([*many(3, ONCE), *many(40, PUBLISHED)], 60)
        assert [each.item.outcome for each in found] == ["removed"] * 3 + ["missing"] * 40

    def test_holds_with_a_command_and_numbers(self) -> None:
        """Each record says what to do, the report how many there are."""
        missing = many(4, ONCE)
        counted = survey(missing, 20)
        found, (note,) = [*counted.decisions(missing, ())], counted.notes
        assert all(each.after and each.after.removal == "waits" for each in found)
        assert all(each.action == "note" for each in found)
        assert "ckan citizendata harvest removals kenya --approve" in found[0].item.reason
        assert note.message.startswith("4 of 20 records are missing from the feed and wait for a person to decide")
        assert "no more than 3 are removed at once" in note.message
        assert note.message.endswith("[held(threshold)]")

    def test_is_not_let_go_by_records_that_return(self) -> None:
        """What waits for a person waits for a person, and counts beside what would go now."""
        assert outcomes([WAITS], 100) == {"held"}
        assert outcomes([*many(3, WAITS), replace(ONCE, iri="x")], 20) == {"held"}
        found = decisions([replace(WAITS, iri="x"), *many(2, ONCE)], 20)
        assert [each.item.outcome for each in found] == ["held", "removed", "removed"]

    def test_says_nothing_where_nothing_waits(self) -> None:
        """A note is for something to do."""
        assert survey([ONCE], 20).notes == []


class TestRefused:
    def test_is_not_asked_again(self) -> None:
        """Nor does it count for the brake; each run tells of it."""
        assert outcomes([*many(5, REFUSED)], 20) == {"missing"}
        found = decisions([*many(5, REFUSED), *many(3, replace(ONCE, iri="x"))], 20)
        assert [each.item.outcome for each in found] == ["missing"] * 5 + ["removed"] * 3
        assert "A person decided that it isn't removed" in found[0].item.reason

    @pytest.mark.parametrize("state", ["missing", "hidden"])
    def test_is_written_once(self, state: str) -> None:
        """As the person's command writes it; what is hidden stays hidden."""
        entry = refused(replace(WAITS, state=state), PATIENCE)
        assert (entry.state, entry.removal) == (state, "refused")
        again = alone(entry, TUESDAY)
        assert (again.item.outcome, again.after) == (state, None)


class TestHidden:
    @pytest.mark.parametrize(
        ("entry", "now", "outcome", "action", "kind"),
        [
            (PUBLISHED, MONDAY, "hidden", "remove", "no_longer_public"),
            (ONCE, EVENING, "hidden", "remove", "no_longer_public"),
            (HIDDEN, EVENING, "hidden", "note", ""),
            (HIDDEN, TUESDAY, "removed", "remove", "absent"),
            (WAITS, TUESDAY, "held", "remove", "no_longer_public"),
            (replace(WAITS, state="hidden"), TUESDAY, "held", "note", ""),
            (REFUSED, TUESDAY, "hidden", "remove", "no_longer_public"),
        ],
    )
    def test_at_once_while_a_removal_waits(
        self, entry: Entry, now: datetime, outcome: str, action: str, kind: str
    ) -> None:
        """Absent once, or held; it is told, and the ledger keeps that it is hidden."""
        found = alone(entry, now, guarded=True)
        assert (found.item.outcome, found.action, found.kind) == (outcome, action, kind)
        if outcome != "removed":
            assert "may have been withdrawn" in found.item.reason
            assert (found.after or entry).state == "hidden"

    def test_beyond_the_brake_too(self) -> None:
        """All that are guarded are hidden, the others stay before readers."""
        found = decisions(many(4, ONCE), 20, guarded=f"{IRI}2")
        assert [each.action for each in found] == ["note", "note", "remove", "note"]
        assert [each.after and each.after.state for each in found] == ["missing", "missing", "hidden", "missing"]
        assert {each.item.outcome for each in found} == {"held"}

    def test_stays_so_without_a_guard(self) -> None:
        """Hidden records say no more what hid them; only a listing shows them again."""
        assert alone(HIDDEN, EVENING).item.outcome == "hidden"


class TestRemoval:
    def test_keeps_what_brings_the_record_back(self) -> None:
        """Package, and that it was absent, not taken back."""
        found = removal(WAITS, PATIENCE)
        assert (found.action, found.kind, found.item.outcome) == ("remove", "absent", "removed")
        assert found.after is not None
        assert (found.after.state, found.after.package_id, found.after.absences) == ("removed", "p", 2)
        assert found.after.removal is None
