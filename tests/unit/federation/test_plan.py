"""The hash of a plan, and what is said where another plan follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ckanext.citizendata.core.listing import Listing
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.absence import Patience
from ckanext.citizendata.federation.agenda import Agenda
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.errors import PlanChanged
from ckanext.citizendata.federation.plan import Plan, is_hash, planned, require, told
from ckanext.citizendata.federation.ports import Entry, Member
from ckanext.citizendata.federation.preparing import Prepared
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.spool import empty_spool

A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
KENYA = Member("kenya", "Kenya", "https://node.example.org/c.ttl", "everyone")


class EmptyLedger:
    """The ledger of a registry that knows of nothing."""

    def of(self, member_id: str, iris: Collection[str]) -> Mapping[str, Entry]:  # noqa: ARG002
        return {}

    def count(self, member_id: str) -> int:  # noqa: ARG002
        return 0

    def standing(self, member_id: str) -> Iterator[Entry]:  # noqa: ARG002
        return iter(())

    def beside_owners(self, member_id: str) -> Iterator[Entry]:  # noqa: ARG002
        return iter(())

    def guarded(self, missing: Iterable[Entry]) -> Collection[str]:  # noqa: ARG002
        return ()

    def note(self, member_id: str, entry: Entry) -> None:
        """Nothing is kept."""


def added(iri: str, fingerprint: str = "f") -> Decision:
    received = Received(iri, "<a> <b> <c> .\n", fingerprint, Listing())
    return Decision(Item(iri, "added"), "publish", Entry(iri, "published", fingerprint=fingerprint), received)


def gone(iri: str, kind: str) -> Decision:
    return Decision(Item(iri, "removed"), "remove", Entry(iri, "removed", fingerprint="f"), kind=kind)


def plan(*decisions: Decision, member: Member = KENYA) -> Plan:
    """The plan of a crawl that led to these decisions."""
    with empty_spool() as spool:
        spool.take_back(each for each in decisions if each.kind)
        spool.describe((str(each), each) for each in decisions if not each.kind)
        agenda = Agenda(
            EmptyLedger(), Patience(member, timedelta(1)), datetime(2026, 1, 1, tzinfo=timezone.utc), Crawl(), spool
        )
        return planned(Prepared(member, agenda, (), Crawl(), spool))


class TestHash:
    def test_is_of_a_set(self) -> None:
        """The order of a feed is no difference, nor is what stays as it is."""
        first = plan(added(A), added(B), gone(C, "deleted"))
        assert first.hash == plan(gone(C, "deleted"), Decision.unchanged(f"{A}x"), added(B), added(A)).hash
        assert first.hash.startswith("2.0.0.0.1.0.0.0.0-")
        assert (first.counts["added"], first.counts["removed"], first.written) == (2, 1, 3)

    def test_is_another_for_anything_else(self) -> None:
        """A record more, other contents, another kind of tombstone, held instead, a note that is written; who reads."""
        held = Decision(Item(A, "held"), after=Entry(A, "held"))
        listed_again = Decision(Item(A, "unchanged", "It is listed again"), after=Entry(A, "published"))
        plans = [
            plan(),
            plan(added(A)),
            plan(added(A, "g")),
            plan(added(A), added(B)),
            plan(gone(A, "deleted")),
            plan(gone(A, "withdrawn")),
            plan(held),
            plan(replace(held, after=None)),
            plan(listed_again),
            plan(added(A), member=replace(KENYA, audience="national")),
            plan(added(A), member=replace(KENYA, id="ghana")),
        ]
        assert len({each.hash for each in plans}) == len(plans)

    def test_is_safe_for_any_address(self) -> None:
        """Line breaks don't make two records of one, and half a character is no reason to fail."""
        odd = plan(added("https://node.example.org/\ud83d"), added("a\nb"))
        assert is_hash(odd.hash)
        assert odd.hash != plan(added("https://node.example.org/\ud83d"), added("a"), added("b")).hash

    @pytest.mark.parametrize("text", ["", "latest", "0" * 64, "1.2.3-" + "0" * 64, "1.2.3.4.5.6.7-" + "G" * 64, "١.0"])
    def test_looks_like_nothing_else(self, text: str) -> None:
        """What a person mistypes is found before a feed is read."""
        assert not is_hash(text)


class TestRequire:
    def test_says_what_is_different_in_numbers(self) -> None:
        """Of what was agreed to, the numbers stand in the hash."""
        agreed = plan(added(A), added(B))
        require(agreed.hash, plan(added(B), added(A)), KENYA)
        with pytest.raises(PlanChanged, match="with 1 added instead of 2, 1 removed instead of 0"):
            require(agreed.hash, plan(added(A), gone(B, "deleted")), KENYA)
        with pytest.raises(PlanChanged, match="the same numbers, but other records"):
            require(agreed.hash, plan(added(A), added(C)), KENYA)


class TestTold:
    def test_is_what_a_report_tells(self) -> None:
        """All but what simply stays as it is."""
        back = Decision(Item(B, "unchanged", "It is listed again"), after=Entry(B, "published"))
        with empty_spool() as spool:
            spool.describe([("1", added(A)), ("2", Decision.unchanged(C)), ("3", back)])
            agenda = Agenda(EmptyLedger(), Patience(KENYA, timedelta(1)), datetime.now(timezone.utc), Crawl(), spool)
            assert [*told(Prepared(KENYA, agenda, (), Crawl(), spool))] == [added(A), back]
