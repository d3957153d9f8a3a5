"""What becomes of one record, by what the ledger knows and what the feed says; the outcomes are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ckanext.citizendata.core.listing import Listing, Tombstone
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.compare import Decision, absent, decided, distinct, taken_back
from ckanext.citizendata.federation.ports import Entry, Member
from ckanext.citizendata.federation.screen import Verdict, screened

IRI = "https://node.example.org/dataset/a"
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
MARCH = datetime(2026, 3, 1, tzinfo=timezone.utc)
MEMBER = Member("kenya", "Kenya", "https://node.example.org/feed", "everyone")
RECORD = Received(IRI, "", "new", Listing())

PUBLISHED = Entry(IRI, "published", package_id="p", fingerprint="old")
MISSING = replace(PUBLISHED, state="missing", gone_since=MARCH)
REMOVED = replace(PUBLISHED, state="removed", gone_since=MARCH)
WITHDRAWN = replace(PUBLISHED, state="withdrawn", gone_since=MARCH)
HELD = Entry(IRI, "held", "why")
REJECTED = Entry(IRI, "rejected", "why")


class Nobody:
    """Claims on nothing."""

    def holder(self, member: Member, iri: str) -> str | None:  # noqa: ARG002
        return None


class Somebody:
    """Claims on everything."""

    def holder(self, member: Member, iri: str) -> str | None:  # noqa: ARG002
        return "Ghana"


def listed(modified: str | None = None, *audiences: str) -> Received:
    return replace(RECORD, listing=Listing(audiences, modified=modified))


def decision(record: Received, entry: Entry | None) -> Decision:
    return decided(record, screened(record, MEMBER, Nobody(), entry), entry, NOW)


class TestListed:
    @pytest.mark.parametrize(
        ("entry", "outcome", "action", "state_after"),
        [
            (None, "added", "publish", "published"),
            (PUBLISHED, "changed", "publish", "published"),
            (replace(PUBLISHED, fingerprint="new"), "unchanged", "note", None),
            (replace(MISSING, fingerprint="new"), "unchanged", "note", "published"),
            (MISSING, "changed", "publish", "published"),
            (HELD, "added", "publish", "published"),
            (REJECTED, "added", "publish", "published"),
            (replace(PUBLISHED, fingerprint=None), "added", "publish", "published"),
            (REMOVED, "held", "note", None),
            (WITHDRAWN, "held", "note", None),
        ],
    )
    def test_becomes(self, entry: Entry | None, outcome: str, action: str, state_after: str | None) -> None:
        """Outcome, what is done, and the ledger's state afterwards (None: nothing is written)."""
        found = decision(RECORD, entry)
        assert (found.item.outcome, found.action) == (outcome, action)
        assert (found.after.state if found.after else None) == state_after

    @pytest.mark.parametrize(
        ("entry", "modified", "outcome"),
        [
            (REMOVED, "2026-03-02T00:00:00Z", "added"),
            (REMOVED, "2026-03-01T00:00:00Z", "held"),
            (REMOVED, "2026-02-01", "held"),
            (REMOVED, "yesterday", "held"),
            (WITHDRAWN, "2026-05-01T00:00:00Z", "held"),
        ],
    )
    def test_returns_only_after_a_later_listing(self, entry: Entry, modified: str, outcome: str) -> None:
        """And a withdrawn one not even then."""
        assert decision(listed(modified), entry).item.outcome == outcome

    @pytest.mark.parametrize(
        ("entry", "outcome", "action"),
        [(None, "held", "note"), (HELD, "held", "note"), (PUBLISHED, "removed", "remove")],
    )
    def test_for_fewer_than_everyone_goes(self, entry: Entry | None, outcome: str, action: str) -> None:
        """What is published is removed, what isn't is held."""
        found = decision(listed("2026-04-01", "everyone", "partners"), entry)
        assert (found.item.outcome, found.action) == (outcome, action)
        assert "partners" in found.item.reason

    def test_that_somebody_else_owns_is_rejected_before_all_else(self) -> None:
        """Unless the registry itself gave it its name."""
        verdict = screened(listed(None, "producer"), MEMBER, Somebody(), WITHDRAWN)
        assert verdict == Verdict("rejected", "Its address belongs to Ghana, and Kenya may not speak for it")
        assert screened(replace(RECORD, unnamed=True), MEMBER, Somebody(), None) is None

    def test_refused_twice_for_one_reason_is_written_once(self) -> None:
        """Running again changes nothing."""
        first = decision(listed(None, "producer"), None)
        assert first.after is not None
        assert decision(listed(None, "producer"), first.after).after is None


class TestTakenBack:
    @pytest.mark.parametrize(
        ("entry", "kind", "outcome", "action", "state_after"),
        [
            (PUBLISHED, "withdrawn", "removed", "remove", "withdrawn"),
            (PUBLISHED, "deleted", "removed", "remove", "removed"),
            (MISSING, "moved", "removed", "remove", "removed"),
            (None, "withdrawn", "removed", "note", "withdrawn"),
            (HELD, "deleted", "removed", "note", "removed"),
            (REMOVED, "withdrawn", "removed", "note", "withdrawn"),
            (REMOVED, "deleted", "unchanged", "note", None),
            (WITHDRAWN, "withdrawn", "unchanged", "note", None),
            (WITHDRAWN, "deleted", "unchanged", "note", None),
        ],
    )
    def test_becomes(self, entry: Entry | None, kind: str, outcome: str, action: str, state_after: str | None) -> None:
        """A withdrawal is never softened by a later tombstone of another kind."""
        found = taken_back(Tombstone(IRI, kind, "2026-03-01T00:00:00Z"), entry, NOW)
        assert (found.item.outcome, found.action) == (outcome, action)
        assert (found.after.state if found.after else None) == state_after
        assert found.after is None or found.after.gone_since == MARCH

    def test_counts_from_now_without_a_date(self) -> None:
        """A tombstone without a date still keeps last week's feed out."""
        found = taken_back(Tombstone(IRI, "deleted", None), PUBLISHED, NOW)
        assert found.after
        assert found.after.gone_since == NOW


class TestAbsent:
    @pytest.mark.parametrize(
        ("entry", "outcome", "written"),
        [(PUBLISHED, "missing", True), (MISSING, "missing", False), (REMOVED, None, False), (HELD, None, False)],
    )
    def test_is_told_but_removes_nothing(self, entry: Entry, outcome: str | None, written: bool) -> None:
        """Only what is published can be missing; since when is kept."""
        found = list(absent({IRI: entry}, set(), NOW))
        assert [each.item.outcome for each in found] == ([outcome] if outcome else [])
        assert any(each.after for each in found) == written
        assert all(each.action == "note" for each in found)

    def test_is_nothing_that_the_feed_names(self) -> None:
        """Held and refused records are listed too."""
        assert list(absent({IRI: PUBLISHED}, {IRI}, NOW)) == []


class TestDistinct:
    def test_equal_copies_are_one_and_others_are_held(self) -> None:
        """Either description may be the right one."""
        other = replace(RECORD, fingerprint="other")
        assert distinct([RECORD, RECORD]) == ([RECORD], [])
        single, held = distinct([RECORD, other, RECORD])
        assert single == []
        assert [(item.iri, item.outcome) for item in held] == [(IRI, "held")]
        assert "2 times" in held[0].reason
