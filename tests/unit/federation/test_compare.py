"""What becomes of one record, by what the ledger knows and what the feed says; the outcomes are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from ckanext.citizendata.core.listing import Listing, Tombstone
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.compare import (
    Decision,
    decided,
    doubtful,
    kept_out,
    looped,
    not_listed_beside,
    refusal,
    taken_back,
)
from ckanext.citizendata.federation.ports import Entry, Holder, Member
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.screen import Verdict, screened, unowned

IRI = "https://node.example.org/dataset/a"
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
MARCH = datetime(2026, 3, 1, tzinfo=timezone.utc)
MEMBER = Member("kenya", "Kenya", "https://node.example.org/feed", "everyone")
RECORD = Received(IRI, "", "new", Listing())

PUBLISHED = Entry(IRI, "published", package_id="p", fingerprint="old")
MISSING = replace(PUBLISHED, state="missing", gone_since=MARCH, absences=1, removal="waits", reason="why")
HIDDEN = replace(MISSING, state="hidden")
REMOVED = replace(PUBLISHED, state="removed", gone_since=MARCH)
ABSENT = replace(REMOVED, absences=2)
WITHDRAWN = replace(PUBLISHED, state="withdrawn", gone_since=MARCH)
HELD = Entry(IRI, "held", "why")
REJECTED = Entry(IRI, "rejected", "why")


# Who owns the record's address, where that isn't the member.
NOBODY: dict[str, Holder] = {}
SOMEBODY = {IRI: Holder("Ghana")}
FIRST = {IRI: Holder("Ghana", "first")}
FORMER = {IRI: Holder("Ghana", "gone")}
UNTOLD = {IRI: Holder("", "untold")}


def listed(modified: str | None = None, *audiences: str) -> Received:
    return replace(RECORD, listing=Listing(audiences, modified=modified))


def decision(record: Received, entry: Entry | None) -> Decision:
    return decided(record, screened(record, MEMBER, NOBODY, entry), entry, NOW)


class TestListed:
    @pytest.mark.parametrize(
        ("entry", "outcome", "action", "state_after"),
        [
            (None, "added", "publish", "published"),
            (PUBLISHED, "changed", "publish", "published"),
            (replace(PUBLISHED, fingerprint="new"), "unchanged", "note", None),
            (replace(MISSING, fingerprint="new"), "unchanged", "note", "published"),
            (MISSING, "changed", "publish", "published"),
            (replace(HIDDEN, fingerprint="new"), "unchanged", "publish", "published"),
            (HIDDEN, "changed", "publish", "published"),
            (ABSENT, "added", "publish", "published"),
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

    @pytest.mark.parametrize("entry", [MISSING, HIDDEN, ABSENT, replace(MISSING, fingerprint="new")])
    def test_forgets_what_was_counted_while_it_was_missing(self, entry: Entry) -> None:
        """Absences, since when, and what a person was asked or said."""
        after = decision(RECORD, entry).after
        assert after is not None
        assert (after.absences, after.gone_since, after.removal, after.reason) == (0, None, None, None)
        assert after.package_id == "p"

    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            (None, ""),
            (PUBLISHED, ""),
            (MISSING, "It is listed again"),
            (HIDDEN, "It is listed again, and shown again to those who could read it before"),
            (ABSENT, "It is back"),
        ],
    )
    def test_says_that_it_is_back(self, entry: Entry | None, reason: str) -> None:
        """In the report of the run that finds it."""
        assert decision(RECORD, entry).item.reason == reason

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
        [
            (None, "held", "note"),
            (HELD, "held", "note"),
            (PUBLISHED, "removed", "remove"),
            (HIDDEN, "removed", "remove"),
        ],
    )
    def test_for_fewer_than_everyone_goes(self, entry: Entry | None, outcome: str, action: str) -> None:
        """What is published is removed, what isn't is held; nothing is left of an absence that was counted."""
        found = decision(listed("2026-04-01", "everyone", "partners"), entry)
        assert (found.item.outcome, found.action) == (outcome, action)
        assert found.after is None or (found.after.absences, found.after.removal) == (0, None)
        assert "partners" in found.item.reason

    def test_that_somebody_else_owns_is_rejected_before_all_else(self) -> None:
        """Unless the registry itself gave it its name."""
        verdict = screened(listed(None, "producer"), MEMBER, SOMEBODY, WITHDRAWN)
        assert verdict == Verdict("rejected", "Its address belongs to Ghana, and Kenya may not speak for it", "owned")
        assert screened(replace(RECORD, unnamed=True), MEMBER, SOMEBODY, None) is None

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
            (HIDDEN, "withdrawn", "removed", "remove", "withdrawn"),
            (ABSENT, "deleted", "removed", "note", "removed"),
            (ABSENT, "withdrawn", "removed", "remove", "withdrawn"),
            (None, "withdrawn", "removed", "note", "withdrawn"),
            (HELD, "deleted", "removed", "note", "removed"),
            (REMOVED, "withdrawn", "removed", "remove", "withdrawn"),
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
        assert found.after is None or (found.after.gone_since, found.after.absences) == (MARCH, 0)

    def test_counts_from_now_without_a_date(self) -> None:
        """A tombstone without a date still keeps last week's feed out."""
        found = taken_back(Tombstone(IRI, "deleted", None), PUBLISHED, NOW)
        assert found.after
        assert found.after.gone_since == NOW


class TestKeptOut:
    @pytest.mark.parametrize(("entry", "state"), [(MISSING, "published"), (HIDDEN, "hidden")])
    def test_is_no_longer_missing(self, entry: Entry, state: str) -> None:
        """The feed lists it, though it can't be taken; what is hidden is shown only when it is published."""
        found = kept_out(Item(IRI, "rejected", "why"), entry)
        assert (found.item.outcome, found.action) == ("rejected", "note")
        assert found.after is not None
        assert (found.after.state, found.after.absences, found.after.removal) == (state, 0, None)
        assert kept_out(found.item, found.after).after is None

    def test_starts_the_count_of_a_withdrawn_one_anew(self) -> None:
        """It stays withdrawn, and keeps that it was missing when a person took it away."""
        entry = replace(MISSING, state="withdrawn")
        found = kept_out(Item(IRI, "held", "why"), entry)
        assert found.after == replace(entry, absences=0, removal=None)
        assert kept_out(found.item, found.after).after is None

    def test_is_refused_as_anything_else(self) -> None:
        """What is published stays as it is, what is new is noted."""
        assert kept_out(Item(IRI, "held", "why"), PUBLISHED).after is None
        assert kept_out(Item(IRI, "held", "why"), None).after == HELD


class TestDoubtful:
    def test_is_held(self) -> None:
        """Any of the descriptions may be the right one; nothing of what is published changes."""
        found = doubtful(IRI, 2, None)
        assert found.after == replace(HELD, reason=found.item.reason)
        assert "2 times" in found.item.reason
        assert doubtful(IRI, 2, PUBLISHED).after is None

    def test_is_listed_all_the_same(self) -> None:
        """So that it isn't missing."""
        found = doubtful(IRI, 2, MISSING)
        assert found.after is not None
        assert found.after.state == "published"


def beside(holders: dict[str, Holder], entry: Entry | None, record: Received = RECORD) -> Decision:
    return decided(record, screened(record, MEMBER, holders, entry), entry, NOW)


class TestBesideItsOwner:
    @pytest.mark.parametrize(
        ("holders", "outcome", "code", "state_after"),
        [
            (SOMEBODY, "rejected", "owned", "rejected"),
            (FIRST, "also_listed", "also_listed", "also_listed"),
            (FORMER, "held", "owner_gone", "vacant"),
            (UNTOLD, "rejected", "owned", "rejected"),
            (NOBODY, "added", "", "published"),
        ],
    )
    def test_becomes(self, holders: dict[str, Holder], outcome: str, code: str, state_after: str) -> None:
        """By what the other one owns the address; where nobody owns it, it is published."""
        found = beside(holders, None)
        assert (found.item.outcome, found.item.code) == (outcome, code)
        assert found.after is not None
        assert found.after.state == state_after
        assert found.action == ("publish" if holders is NOBODY else "note")

    def test_is_noted_once_with_fingerprint_and_since(self) -> None:
        """The same once more writes nothing; what it says by then is kept, since when it is listed stays."""
        first = beside(FIRST, None).after
        assert first is not None
        assert (first.fingerprint, first.gone_since) == ("new", NOW)
        assert beside(FIRST, first).after is None
        earlier = replace(first, gone_since=MARCH, fingerprint="old")
        assert beside(FIRST, earlier).after == replace(first, gone_since=MARCH)
        gone = beside(FORMER, earlier).after
        assert gone is not None
        assert (gone.state, gone.gone_since) == ("vacant", MARCH)

    @pytest.mark.parametrize("entry", [PUBLISHED, WITHDRAWN])
    def test_leaves_what_the_member_published_or_withdrew(self, entry: Entry) -> None:
        """A claim on an address that came to another one takes nothing away."""
        assert beside(FIRST, entry).after is None
        assert beside(FORMER, entry).after is None

    @pytest.mark.parametrize("holders", [FIRST, FORMER])
    def test_isnt_told_of_what_isnt_for_everyone(self, holders: dict[str, Holder]) -> None:
        """No page says that a member has a record which its feed closes."""
        assert beside(holders, None, listed(None, "partners")).item.outcome == "held"
        assert beside(holders, None, listed(None, "partners")).item.code == "not_for_everyone"

    def test_says_nothing_of_what_isnt_for_everyone_there(self) -> None:
        """Neither whose it is nor what became of it, whether it is listed or taken back, and open or not."""
        reasons = {
            beside(UNTOLD, None).item.reason,
            beside(UNTOLD, None, listed(None, "partners")).item.reason,
            unowned(Tombstone(IRI, "withdrawn", None), MEMBER, UNTOLD, None),
        }
        assert reasons == {"Its address isn't free here; the people of this registry can be asked"}

    def test_ends_with_a_feed_that_doesnt_list_it(self) -> None:
        """Nothing is removed by that, and listed again it is said again."""
        entry = beside(FIRST, None).after
        assert entry is not None
        found = not_listed_beside(entry)
        assert (found.item.outcome, found.action) == ("unchanged", "note")
        assert found.after is not None
        assert found.after.state == "removed"
        assert beside(FIRST, found.after).item.outcome == "also_listed"
        assert beside(NOBODY, found.after).item.outcome == "added"

    def test_ends_where_it_cant_be_read_any_more(self) -> None:
        """Then it is rejected as any other."""
        after = refusal(Item(IRI, "rejected", "why"), beside(FIRST, None).after).after
        assert after is not None
        assert after.state == "rejected"


class TestLooped:
    def test_leaves_all_as_it_is(self) -> None:
        """What is missing is there again; nothing else is written."""
        assert looped(IRI, None) == Decision(Item(IRI, "looped", looped(IRI, None).item.reason, code="looped"))
        assert looped(IRI, PUBLISHED).after is None
        found = looped(IRI, MISSING)
        assert found.after is not None
        assert (found.action, found.after.state) == ("note", "published")
