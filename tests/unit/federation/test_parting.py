"""A page in parts is the page: what the parts hold together is what the page holds, whatever it says."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.citizendata.core.following import APART, INVERSE, Limits
from ckanext.citizendata.core.listing import STATUS, TAKEN_BACK, TOPIC, Tombstone
from ckanext.citizendata.core.splitting import SHARED_TOO_MUCH, Split, split
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, FOAF, RDF
from ckanext.citizendata.core.tokens import Line, Token, token
from ckanext.citizendata.federation.nodes import MOST_LISTED
from ckanext.citizendata.federation.page import NEXT, TOTAL_ITEMS
from ckanext.citizendata.federation.parting import Part, parts
from ckanext.citizendata.federation.statements import Statements

MINT = "https://registry.example.org/.well-known/genid/m/"
TYPE, DATASET, RECORD = token(RDF.type), token(DCAT.Dataset), token(DCAT.CatalogRecord)
NODES = [f"<https://node.example.org/{name}>" for name in "abcdef"] + [f"_:{name}" for name in "uvwxyz"]
CLASSES = [DATASET, DATASET, RECORD, *APART[1:3], token(DCAT.Distribution)]
LEADS = [token(node) for node in (DCT.publisher, DCT.source, DCAT.distribution, DCT.relation, FOAF.isPrimaryTopicOf)]
SAID = [token(node) for node in (DCT.title, DCT.identifier, DCT.modified, DCT.issued, FOAF.name)]
FOAF_NAME = SAID[4]
LITERALS = ['"1"', '"2026-01-01"', '"2026-02-01"', '"x"@en']
KINDS = [(token(CDATA.tombstone), '"moved"'), (token(CDATA.tombstone), '"deleted"')]

# What a statement may be: who says it, by what, and what.
STATEMENTS: Sequence[tuple[Sequence[Token], Sequence[Token], Sequence[Token]]] = (
    (NODES, [TYPE], CLASSES),
    (NODES, LEADS, NODES),
    (NODES, LEADS, NODES),
    (NODES, [TOPIC, *INVERSE], NODES),
    (NODES, SAID, LITERALS),
    (NODES, [STATUS], [TAKEN_BACK]),
    (NODES, [token(CDATA.tombstone)], ['"moved"', '"deleted"']),
    (NODES, [token(CDATA.audience)], ['"owner"', '"everyone"']),
)


def graph(seed: int, size: int) -> list[Line]:
    """A tangle of so many statements, some of them said twice."""
    luck = random.Random(seed)
    chosen = luck.choices(STATEMENTS, k=size)
    return [(luck.choice(nodes), luck.choice(names), luck.choice(ends)) for nodes, names, ends in chosen]


graphs = st.builds(graph, st.integers(0, 2**32), st.integers(5, 120))


def nobody(_iri: str) -> bool:
    return False


def written(said: Iterable[Line]) -> str:
    return "".join(f"{' '.join(line)} .\n" for line in said)


def cut(said: Sequence[Line], limits: Limits | None = None, datasets: int = 2) -> list[Part]:
    """The parts of a page that came in two pieces."""
    with closing(Statements()) as statements:
        for piece in (said[: len(said) // 2], said[len(said) // 2 :]):
            statements.add(written(piece))
        return list(parts(statements, limits or Limits(), datasets))


def together(found: Iterable[Split]) -> Split:
    """What the rest of a harvest makes of parts that come one after the other."""
    splits = [*found]
    tombstones: dict[str, Tombstone] = {}
    for each in splits:
        tombstones.update((tombstone.iri, tombstone) for tombstone in each.tombstones)
    records = sorted((each for part in splits for each in part.records), key=lambda each: (each.iri, each.fingerprint))
    return Split(
        tuple(records),
        tuple(tombstones[iri] for iri in sorted(tombstones)),
        tuple(sorted((each for part in splits for each in part.refused), key=lambda each: (each.path, each.code))),
        tuple(sorted((each for part in splits for each in part.problems), key=lambda each: each.path)),
        frozenset(),
    )


def in_parts(said: Sequence[Line], limits: Limits | None = None, datasets: int = 2) -> Split:
    found = cut(said, limits, datasets)
    return together(split(each.text, MINT, nobody, limits, each.rest) for each in found)


def whole(said: Iterable[Line], limits: Limits | None = None) -> Split:
    return together([split(written(sorted(set(said))), MINT, nobody, limits)])


def dataset(number: int, *said: tuple[Token, Token]) -> list[Line]:
    node = f"<https://node.example.org/{number:04}>"
    return [(node, TYPE, DATASET), (node, SAID[0], f'"Dataset {number}"'), *((node, *each) for each in said)]


class TestParts:
    @given(graphs, st.integers(1, 4))
    @settings(max_examples=300, deadline=None)
    def test_hold_what_the_page_holds(self, said: list[Line], datasets: int) -> None:
        """Hubs, circles, datasets without an address, what is listed and withdrawn, nodes of two classes at once."""
        assert in_parts(said, datasets=datasets) == whole(said)

    @given(graphs)
    @settings(max_examples=100, deadline=None)
    def test_refuse_what_the_page_refuses(self, said: list[Line]) -> None:
        """Too many nodes, too many steps, too many statements, also of datasets without an address."""
        for limits in (Limits(nodes=3), Limits(depth=2), Limits(lines=6)):
            assert in_parts(said, limits) == whole(said, limits)

    @pytest.mark.parametrize("datasets", [1, 7, 1000])
    def test_are_as_many_as_are_needed(self, datasets: int) -> None:
        """Each with so many datasets; first comes what belongs to the feed."""
        said = [line for number in range(20) for line in dataset(number)]
        assert len(cut(said, datasets=datasets)) == 1 + -(-20 // datasets)
        assert cut(said)[0].text == ""

    def test_lead_to_nothing_that_the_page_does_not_lead_to(self) -> None:
        """A listing without an address that is a catalogue as well is apart, though a part says only half of that."""
        listing = [("_:r", TYPE, RECORD), ("_:r", TYPE, APART[1]), ("_:r", STATUS, '"new"')]
        topics = [("_:r", TOPIC, dataset(number)[0][0]) for number in (1, 2)]
        said = [*dataset(1, (LEADS[1], "_:r")), *dataset(2), *listing, *topics]
        assert in_parts(said, datasets=1) == whole(said)

    def test_share_a_publisher(self) -> None:
        """It is in each part, with all that it says."""
        hub = [("<https://node.example.org/p>", FOAF_NAME, f'"Name {number}"') for number in range(50)]
        said = [line for number in range(30) for line in dataset(number, (LEADS[0], hub[0][0]))] + hub
        random.Random(5).shuffle(said)
        assert all(part.text.count('"Name ') == 50 for part in cut(said)[1:])
        assert in_parts(said) == whole(said)

    def test_find_what_is_far_apart_and_said_twice(self) -> None:
        """Each statement counts once."""
        said = [line for number in range(30) for line in dataset(number, (SAID[1], f'"{number % 3}"'))]
        assert in_parts([*said, *said[::3]]) == whole(said)

    def test_hold_what_belongs_to_the_feed(self) -> None:
        """Where it goes on and what it claims, in the first; a catalogue is named there, its datasets aren't."""
        feed = "<https://node.example.org/feed>"
        more = [(feed, NEXT[0], "<https://node.example.org/2>"), (feed, TOTAL_ITEMS, '"7"')]
        catalogue = [(feed, TYPE, APART[1]), (feed, token(DCAT.dataset), dataset(3)[0][0])]
        first, *others = cut([*dataset(3), *more, *catalogue, *dataset(4)])
        assert sorted(first.text.splitlines()) == sorted(written([*more, catalogue[0]]).splitlines())
        assert all("hydra" not in part.text for part in others)

    def test_end_with_all_tombstones(self) -> None:
        """A dataset that is withdrawn isn't listed; of two tombstones the later one counts, wherever they come."""
        taken = [dataset(number)[0][0] for number in range(10)]
        said = [line for number in range(12) for line in dataset(number)]
        for number, topic in enumerate([*taken, *taken]):
            record = f"<https://node.example.org/record/{number % 7}-{number}>"
            said += [(record, TYPE, RECORD), (record, STATUS, TAKEN_BACK), (record, TOPIC, topic)]
            said.append((record, *KINDS[number % 2]))
        random.Random(7).shuffle(said)
        found = in_parts(said)
        assert found == whole(said)
        assert (len(found.records), len(found.tombstones), len(found.problems)) == (2, 10, 10)


class TestTooMuch:
    def test_of_a_clique_and_a_chain(self) -> None:
        """Refused as in one page, and what is beside them is taken."""
        names = [f"_:c{number}" for number in range(40)]
        clique = [(one, LEADS[3], other) for one in names for other in names if one != other]
        chain = [(f"_:l{number}", LEADS[3], f"_:l{number + 1}") for number in range(1100)]
        said = [*dataset(1, (LEADS[3], names[0])), *clique, *dataset(2, (LEADS[3], "_:l0")), *chain, *dataset(3)]
        found = in_parts(said)
        assert found == whole(said)
        assert [each.path[-1] for each in found.refused] == ["2"]
        assert len(found.records) == 2

    def test_that_datasets_share(self) -> None:
        """The page as a whole has so many copies, not each part."""
        hub = "<https://node.example.org/hub>"
        said = [(hub, SAID[0], f'"{number}"') for number in range(300)]
        said += [line for number in range(100) for line in dataset(number, (LEADS[0], hub))]
        limits = Limits(statements=3000, copies=2, lines=1000)
        found = in_parts(said, limits)
        assert found == whole(said, limits)
        assert {each.message for each in found.refused} == {SHARED_TOO_MUCH}
        assert 0 < len(found.records) < 20

    def test_of_one_dataset_is_never_all_in_memory(self) -> None:
        """Nor is what it says lost where its own type is among what is cut."""
        limits = Limits(lines=100, characters=5000)
        large = [*((dataset(5)[0][0], SAID[0], f'"{number}"') for number in range(1000)), *dataset(5)]
        long = dataset(6, *((SAID[0], f'"{"x" * 400}{number}"') for number in range(20)))
        nameless = [("_:b", SAID[0], f'"{number}"') for number in range(1000)] + [("_:b", TYPE, DATASET)]
        found = cut([*large, *long, *nameless, ("_:b", SAID[1], '"7"'), *dataset(7)], limits)
        assert all(part.text.count("\n") <= 250 for part in found)
        refused = {each.path: each.message for part in found for each in _split(part, limits).refused}
        (minted,) = (path for path in refused if path.startswith(MINT))
        assert minted == split("_:b " + f'{TYPE} {DATASET} .\n_:b {SAID[1]} "7" .\n', MINT, nobody).records[0].iri
        assert refused == {
            "https://node.example.org/0005": "It has more than 100 statements",
            "https://node.example.org/0006": "Its values have more than 5000 characters",
            minted: "It has more than 100 statements",
        }

    def test_of_listings(self) -> None:
        """A dataset isn't taken where not all is known of whom it is for."""
        record = "<https://node.example.org/record>"
        said = [(record, SAID[2], f'"{number}"') for number in range(MOST_LISTED)]
        said += [(record, TYPE, RECORD), (record, TOPIC, dataset(1)[0][0]), *dataset(1), *dataset(2)]
        found = in_parts(said)
        assert [each.path[-1] for each in found.refused] == ["1"]
        assert [each.iri[-1] for each in found.records] == ["2"]


def _split(part: Part, limits: Limits) -> Split:
    return split(part.text, MINT, nobody, limits, rest=part.rest)
