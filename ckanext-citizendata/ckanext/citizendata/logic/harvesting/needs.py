"""What needs you: for the registry's staff all of it, for a member's people what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz
from ckan.lib.redis import connect_to_redis

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.membership import APPLIED
from ckanext.citizendata.federation.needs import KINDS, TO_DECIDE, Need, Situation, harvest_needs, need_told
from ckanext.citizendata.federation.ports import WAITS, WITHDRAWN
from ckanext.citizendata.federation.report import FAILED
from ckanext.citizendata.logic.harvesting.people import members_of
from ckanext.citizendata.logic.harvesting.returns import RETURNING, returns_waiting
from ckanext.citizendata.model import account, ledger, member_feed, run
from ckanext.citizendata.model import likeness as likenesses
from ckanext.citizendata.model import member as members

__all__ = ["OF_STAFF", "PAIRS", "PROVIDERS", "forget_number", "needs_number", "needs_of", "needs_shown"]

Members = Sequence[sa.Row[Any]]
KEPT_SECONDS = 60
# More pairs are counted as so many.
PAIRS = 100


def of_harvests(mine: Members) -> Iterable[Need]:
    """What the harvests of these members left for a person."""
    names = [row.id for row in mine]
    waiting = ledger.waiting_counts(WAITS, WITHDRAWN)
    newest, finished = run.newest(names), run.newest_finished(names)
    undecided = {row.member_id for row in member_feed.waiting()}
    situations = [
        _situation(row, waiting.get(row.id, (0, None)), newest.get(row.id), finished.get(row.id)) for row in mine
    ]
    situations = [_without_decided(each, undecided) for each in situations]
    return harvest_needs(situations, datetime.now(timezone.utc))


def _without_decided(situation: Situation, undecided: Collection[str]) -> Situation:
    """The situation without a failure about which a person decided since."""
    is_decided = situation.code in TO_DECIDE and situation.member_id not in undecided
    return replace(situation, code="") if is_decided else situation


def of_applications(mine: Members) -> Iterable[Need]:
    """The catalogues that applied, those that wait longest first."""
    waiting = sorted((row for row in mine if row.state == APPLIED), key=lambda row: row.since)
    return [Need("applications", (row.id,), row.title, since=row.since, address=row.url) for row in waiting]


def of_accounts(_mine: Members) -> Iterable[Need]:
    """The people who ask for an account, as one thing to look at."""
    number = account.number(None)
    return [Need("accounts", (), "", number)] if number else []


def of_likenesses(mine: Members) -> Iterable[Need]:
    """The pairs of records that look alike, as one thing to look at."""
    number = len(likenesses.pairs(0, PAIRS, decided=False)) if len(mine) > 1 else 0
    return [Need("matches", (), "", number)] if number else []


# Each gives what it knows about these members; a new kind of need is one more function here.
PROVIDERS: tuple[Callable[[Members], Iterable[Need]], ...] = (of_harvests,)
# What only the registry's staff decides about.
OF_STAFF = (of_accounts, of_applications, *PROVIDERS, of_likenesses)


def needs_of(user_name: str) -> list[Need]:
    """What needs this person; nothing for who answers for no member."""
    is_staff = authz.is_sysadmin(user_name)
    mine = members.every() if is_staff else members_of(user_name)
    asked = OF_STAFF if is_staff else PROVIDERS if mine else ()
    return [need for provide in asked for need in provide(mine)]


def needs_shown(needs: Iterable[Need], wording: Wording, number: Callable[[int], str]) -> list[dict[str, Any]]:
    """The needs in the words of a reader, as actions, pages and mails show them."""
    return [_shown(need, wording, number) for need in needs]


def _shown(need: Need, wording: Wording, number: Callable[[int], str]) -> dict[str, Any]:
    kind = KINDS[need.kind]
    return {
        "kind": need.kind,
        "catalogues": list(need.members),
        "title": need.title,
        "count": need.count,
        "since": need.since and need.since.isoformat(),
        "address": need.address,
        "words": need_told(need, wording.translate, number),
        "advice": wording.translate(kind.advice),
        "safe": wording.translate(kind.safe),
        "otherwise": wording.translate(kind.otherwise),
    }


def _situation(row: Any, waiting: tuple[int, datetime | None], newest: Any, finished: Any) -> Situation:
    held = finished.reasons.get("held", {}) if finished else {}
    return Situation(
        member_id=row.id,
        title=row.title,
        removals=waiting[0],
        removals_since=waiting[1],
        # What a person agreed to since isn't asked again, so that the records themselves are looked at.
        returns=len(returns_waiting(row.id)) if any(held.get(code) for code in RETURNING) else 0,
        ambiguous=held.get("ambiguous", 0),
        code=newest.code if newest and newest.state == FAILED else "",
        went_well=finished and finished.finished,
    )


def needs_number(user_name: str) -> int:
    """How many things need this person; for the registry's staff as it was within the last minute.

    It stands on every page, and with a thousand members takes longer than most pages do.
    """
    if not authz.is_sysadmin(user_name):
        return len(needs_of(user_name))
    redis, key = connect_to_redis(), _key(user_name)
    kept = redis.get(key)
    if kept is not None:
        return int(kept)
    number = len(needs_of(user_name))
    redis.set(key, number, ex=KEPT_SECONDS)
    return number


def forget_number(user_name: str) -> None:
    """Count anew what needs a person: she has just decided something."""
    connect_to_redis().delete(_key(user_name))


def _key(user_name: str) -> str:
    return f"citizendata:needs:{tk.config['ckan.site_id']}:{user_name}"
