"""What needs a person is little, and each item says what is safe."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from ckanext.citizendata.federation.needs import KINDS, Need, Situation, harvest_needs, need_told
from ckanext.citizendata.federation.ports import Brake

NOW = datetime(2026, 5, 4, tzinfo=timezone.utc)
LATELY, LONG_AGO = NOW - timedelta(hours=5), NOW - timedelta(days=3)


def kinds(*situations: Situation) -> list[tuple[str, list[str]]]:
    return [(need.kind, list(need.members)) for need in harvest_needs(situations, NOW)]


class TestNeeds:
    def test_a_member_that_is_well_needs_nobody(self) -> None:
        """Nor one that failed a few hours long."""
        assert kinds(Situation("a", "A", went_well=LATELY), Situation("b", "B", code="busy", went_well=LATELY)) == []

    def test_each_kind_is_one_item_a_member(self) -> None:
        """However many records it is about; what can be decided at once comes first."""
        many = Situation("a", "A", 400, LONG_AGO, returns=30, ambiguous=2, code="dtd", went_well=LONG_AGO)
        assert [kind for kind, _ in kinds(many)] == ["removals", "returns", "ambiguous", "failing"]

    def test_many_that_fail_for_one_reason_are_one_item(self) -> None:
        """The registry's own network, most likely; another reason is another item."""
        down = [Situation(name, name.upper(), code="unreachable", went_well=LONG_AGO) for name in "abcde"]
        assert kinds(*down, Situation("f", "F", code="dtd")) == [
            ("failing", ["f"]), ("failing_together", list("abcde"))
        ]  # fmt: skip

    def test_each_says_what_it_is_about(self) -> None:
        """In a sentence, and whatever a title holds."""
        for kind in KINDS:
            told = need_told(Need(kind, ("a",), "{title} & {0}", 7, code="dtd"), str, str)
            assert ("{title} & {0}" in told) == ("{title}" in KINDS[kind].words)
            assert "{count}" not in told
        assert need_told(Need("removals", ("a",), "Kenya", 12), str, str).endswith(": 12")


# How often something happens to an ordinary member of 150 records, in weeks; how long it lasts, in hours.
SHORT_OUTAGE, LONG_OUTAGE, REBUILT_FEED, BROKEN_RECORD, TAKEN_BACK = 2, 26, 26, 13, 13
RECORDS, STEP, WEEK = 150, 6, 168


class Ordinary:
    """An ordinary member: its server rests now and then, and people edit, delete and mistake."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.name, self.chance = name, chance
        self.down_till = self.removals_till = self.returns_till = self.ambiguous_till = 0.0
        self.went_well, self.removals, self.events = 0.0, 0, 0

    def lives(self, hour: float) -> Situation:
        """Its situation after some more hours; a person decides within three days."""
        for weeks, happens in self._ways(hour):
            if self.chance.random() < STEP / (weeks * WEEK):
                self.events += 1
                happens()
        if hour >= self.down_till:
            self.went_well = hour
        return Situation(
            self.name,
            self.name,
            removals=self.removals if hour < self.removals_till else 0,
            returns=1 if hour < self.returns_till else 0,
            ambiguous=1 if hour < self.ambiguous_till else 0,
            code="unreachable" if hour < self.down_till else "",
            went_well=NOW + timedelta(hours=self.went_well),
        )

    def _ways(self, hour: float) -> Iterator[tuple[float, Callable[[], None]]]:
        yield SHORT_OUTAGE, lambda: setattr(self, "down_till", hour + self.chance.expovariate(1 / 3))
        yield LONG_OUTAGE, lambda: setattr(self, "down_till", hour + self.chance.uniform(24, 96))
        yield REBUILT_FEED, lambda: self._miss(hour, 40)
        yield 0.5, lambda: self._miss(hour, self.chance.randint(1, 3))
        yield BROKEN_RECORD, lambda: setattr(self, "ambiguous_till", hour + 72)
        yield TAKEN_BACK, lambda: setattr(self, "returns_till", hour + 72)

    def _miss(self, hour: float, number: int) -> None:
        if number > Brake().most(RECORDS):
            self.removals, self.removals_till = number, hour + 72


class TestOrdinaryWeeks:
    def test_twenty_members_bring_under_ten_items_a_week(self) -> None:
        """On average by far, and in nineteen weeks of twenty; though something happens to them several times a day."""
        chance = random.Random(5)
        members = [Ordinary(f"m{number}", chance) for number in range(20)]
        weeks: list[int] = []
        before: set[tuple[str, tuple[str, ...]]] = set()
        for week in range(100):
            new = 0
            for hour in range(week * WEEK, (week + 1) * WEEK, STEP):
                needs = harvest_needs([each.lives(hour) for each in members], NOW + timedelta(hours=hour))
                items = {(need.kind, tuple(need.members)) for need in needs}
                new += len(items - before)
                before = items
            weeks.append(new)
        assert sum(each.events for each in members) > 50 * len(weeks)
        assert 1 < sum(weeks) / len(weeks) < 7
        assert sum(number < 10 for number in weeks) >= 95
