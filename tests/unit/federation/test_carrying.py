"""Decisions carried out: what is to be published comes together, and each record has its answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ckanext.citizendata.core.listing import Listing
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.carrying import Carrier
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.ports import Answer, Entry, Member, Publication, RecordRefused
from ckanext.citizendata.federation.report import Item

MEMBER = Member("harbour", "Harbour", "https://node.example.org/feed", "everyone")


@dataclass
class Registry:
    """Ledger and publisher of a registry that keeps a list of what it was told, and refuses what it is told to."""

    told: list[str] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()

    def begin(self, member: Member, batch: Sequence[Publication]) -> Callable[[], Sequence[Answer]]:  # noqa: ARG002
        def publish() -> Sequence[Answer]:
            names = [each.received.iri for each in batch]
            self.told += [f"publish {' '.join(names)}"] if names else []
            return [RecordRefused("Too long") if name in self.refuses else () for name in names]

        return publish

    def remove(self, member: Member, kind: str, after: Entry) -> None:  # noqa: ARG002
        self.told.append(f"remove {after.iri}")

    def note(self, member_id: str, entry: Entry) -> None:  # noqa: ARG002
        self.told.append(f"note {entry.iri}")

    def of(self, member_id: str, iris: Collection[str]) -> Mapping[str, Entry]:  # noqa: ARG002
        return {}

    def count(self, member_id: str) -> int:  # noqa: ARG002
        return 0

    def standing(self, member_id: str) -> Iterator[Entry]:  # noqa: ARG002
        return iter(())

    def guarded(self, missing: Iterable[Entry]) -> Collection[str]:  # noqa: ARG002
        return ()

    def settle(self) -> Sequence[Problem]:
        return ()

    def sweep(self, member: Member) -> None: ...


def published(iri: str) -> Decision:
    received = Received(iri, f"<{iri}> <https://b.example.org/> <https://c.example.org/> .\n", "1", Listing())
    return Decision(Item(iri, "added"), "publish", Entry(iri, "published"), received)


def removed(iri: str) -> Decision:
    return Decision(Item(iri, "removed"), "remove", Entry(iri, "removed", package_id="1"), kind="absent")


def carried(registry: Registry, batch: Sequence[Decision]) -> list[tuple[str, str]]:
    items = Carrier(MEMBER, registry, registry).begin(batch)()
    return [(item.iri, item.outcome) for item in items]


def test_what_is_published_comes_together() -> None:
    """One transaction for all of a batch, whatever stands between."""
    registry = Registry()
    held = Decision(Item("c", "held"), after=Entry("c", "held"))
    batch = [published("a"), Decision.unchanged("b"), held, published("d"), removed("e"), published("f")]
    outcomes = carried(registry, batch)
    assert registry.told == ["note c", "remove e", "publish a d f"]
    assert outcomes == [
        ("a", "added"), ("b", "unchanged"), ("c", "held"), ("d", "added"), ("e", "removed"), ("f", "added"),
    ]  # fmt: skip


def test_one_refused_costs_no_other() -> None:
    """It is noted as rejected."""
    registry = Registry(refuses=frozenset({"a"}))
    assert carried(registry, [published("a"), published("b")]) == [("a", "rejected"), ("b", "added")]
    assert registry.told == ["publish a b", "note a"]


def test_nothing_to_publish() -> None:
    """Most batches of most runs."""
    registry = Registry()
    assert carried(registry, [Decision.unchanged("a")]) == [("a", "unchanged")]
    assert registry.told == []
