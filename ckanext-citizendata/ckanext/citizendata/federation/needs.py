"""What needs a person: few items, each of one kind, with what is safe and what happens if nobody acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.federation.grouping import FEED
from ckanext.citizendata.federation.reasons import reason_of

__all__ = ["KINDS", "TO_DECIDE", "Kind", "Need", "Situation", "harvest_needs", "need_told"]

# A catalogue that can't be harvested for so long isn't just restarting.
PATIENCE = timedelta(days=1)
# So many catalogues that fail for one reason are one thing to look at: most likely it is the registry's own network.
TOGETHER = 3
NAMED = 3
# Reasons of a failure that a person can mend at once, here.
TO_DECIDE = ("key_changed", "epoch")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of need in words; `safe` is what is done till a person decides, `otherwise` what happens if nobody does.

    `words` may name `{title}`, `{count}` and `{reason}`.
    """

    words: str
    advice: str
    safe: str
    otherwise: str


KINDS: Mapping[str, Kind] = {
    "accounts": Kind(
        N_("People who ask for an account: {count}"),
        N_("See who asks, and admit or refuse, with one click."),
        N_("They can read what everybody reads, and no more."),
        N_("They wait, and what they began to describe waits with them."),
    ),
    "applications": Kind(
        N_("{title} asks that this registry read it"),
        N_("See who asks and what is at its address; then admit it, or refuse it."),
        N_("Nothing is read from it."),
        N_("It waits, and nothing is read from it."),
    ),
    "removals": Kind(
        N_("{title}: datasets missing from the feed, too many to be removed without a person: {count}"),
        N_("Were they deleted? Agree to their removal, or refuse it."),
        N_("They stay."),
        N_("They stay as they are, and nothing gets lost. What is hidden already stays hidden."),
    ),
    "returns": Kind(
        N_("{title}: datasets that were taken back, and that the feed lists still or again: {count}"),
        N_("Should they return? Agree to each that should; the others are best taken out of the feed."),
        N_("They stay out of sight."),
        N_("They stay out of sight."),
    ),
    "ambiguous": Kind(
        N_("{title}: datasets that the feed describes in different ways under one address: {count}"),
        N_("The catalogue's people take the wrong description out of their feed."),
        N_("What was shown before stays."),
        N_("What was shown before stays and gets older; what is new isn't shown."),
    ),
    "key_changed": Kind(
        N_("{title}: the feed is signed by a key that isn't known here"),
        N_("Ask its people, not by mail alone, for the name of their key; the handbook says how to accept it."),
        N_("Nothing is read, and what was harvested stays."),
        N_("Nothing is read, and what was harvested gets older."),
    ),
    "epoch": Kind(
        N_("{title}: the feed counts anew, as after a restore from a backup"),
        N_("Ask its people whether they restored a backup; the handbook says how to approve it."),
        N_("Nothing is read, and what was harvested stays."),
        N_("Nothing is read, and what was harvested gets older."),
    ),
    "matches": Kind(
        N_("Datasets of different catalogues that look alike, in pairs: {count}"),
        N_("Say of each pair whether it is one dataset. Nothing is merged."),
        N_("Both are shown."),
        N_("Both stay, each as its own catalogue describes it."),
    ),
    "failing": Kind(
        N_("{title}: no harvest went well for more than a day. {reason}"),
        N_("See what the last harvest says, and tell the catalogue's people."),
        N_("What was harvested stays."),
        N_("What was harvested stays and gets older; each harvest tries again."),
    ),
    "failing_together": Kind(
        N_("Catalogues that can't be harvested for one reason: {count} ({title}). {reason}"),
        N_("So many at once: look at this registry's own way to the internet first."),
        N_("What was harvested stays."),
        N_("What was harvested stays and gets older; each harvest tries again."),
    ),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """How one member stands: `removals`, `returns` and `ambiguous` count records that wait for a person.

    `code` says why its last harvest failed, "" where it didn't; `went_well` is when one last ended well.
    """

    member_id: str
    title: str
    removals: int = 0
    removals_since: datetime | None = None
    returns: int = 0
    ambiguous: int = 0
    code: str = ""
    went_well: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One thing for a person to look at; `members` are those that it is about, the first one the place to begin.

    `address` is that of a feed which somebody wishes to be read.
    """

    kind: str
    members: Sequence[str]
    title: str
    count: int = 1
    since: datetime | None = None
    code: str = ""
    address: str = ""


def harvest_needs(situations: Iterable[Situation], now: datetime) -> list[Need]:
    """What the harvests of these members need of a person, what can be decided at once first."""
    known = list(situations)
    counted = [need for each in known for need in _counted(each)]
    order = list(KINDS)
    return sorted([*counted, *_failing(known, now)], key=lambda need: (order.index(need.kind), need.title))


def need_told(need: Need, translate: Callable[[str], str], number: Callable[[int], str]) -> str:
    """The sentence that says what a need is about, with numbers as `number` writes them."""
    reason = translate(reason_of(FEED, need.code).words) if need.code else ""
    sentence = translate(KINDS[need.kind].words)
    return sentence.format(title=need.title, count=number(need.count), reason=reason).strip()


def _counted(member: Situation) -> Iterator[Need]:
    mine = (member.member_id,)
    if member.removals:
        yield Need("removals", mine, member.title, member.removals, member.removals_since)
    if member.returns:
        yield Need("returns", mine, member.title, member.returns)
    if member.ambiguous:
        yield Need("ambiguous", mine, member.title, member.ambiguous)
    if member.code in TO_DECIDE:
        yield Need(member.code, mine, member.title, since=member.went_well)


def _failing(members: Sequence[Situation], now: datetime) -> Iterator[Need]:
    by_code: dict[str, list[Situation]] = {}
    for member in members:
        is_long = member.went_well is None or now - member.went_well > PATIENCE
        if member.code and member.code not in TO_DECIDE and is_long:
            by_code.setdefault(member.code, []).append(member)
    for code, failing in by_code.items():
        if len(failing) >= TOGETHER:
            yield _together(code, failing)
        else:
            yield from (Need("failing", (each.member_id,), each.title, 1, each.went_well, code) for each in failing)


def _together(code: str, failing: Sequence[Situation]) -> Need:
    titles = ", ".join(each.title for each in failing[:NAMED]) + (", …" if len(failing) > NAMED else "")
    since = min((each.went_well for each in failing if each.went_well), default=None)
    return Need("failing_together", tuple(each.member_id for each in failing), titles, len(failing), since, code)
