"""What is counted: each record in every cell that it fits, once in each total."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.coverage import (
    ALL,
    NOT_SAID,
    Alike,
    Axes,
    Coverage,
    Tally,
    counted,
    groups_in_order,
    offered,
)
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

MODEL = catalogue_model.load()
LISTS = MODEL.vocabularies
PREFIXES = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> ."


def _counted(*records: tuple[dict[str, list[str]], Tally], model: Model = MODEL) -> Coverage:
    axes = Axes(model)
    assert all(answers.keys() <= {*axes.fields} for answers, _ in records)
    alike = (Alike(tuple(tuple(answers.get(f, ())) for f in axes.fields), tally) for answers, tally in records)
    return counted(axes, alike)


def _record(by_sex: int = 0, by_gender: int = 0, **answers: list[str]) -> tuple[dict[str, list[str]], Tally]:
    return answers, Tally(1, by_sex, by_gender)


def _groups(**broader: str) -> Vocabulary:
    """A list of groups, each with what it names as wider; `old` was replaced by the first."""
    concepts = "".join(
        f"<https://example.org/{code}> a skos:Concept ; skos:inScheme <https://example.org/> ;"
        f' skos:notation "{code}" ; skos:prefLabel "{code}"@en'
        + "".join(f" ; skos:broader <https://example.org/{each}>" for each in above.split())
        + " .\n"
        for code, above in broader.items()
    )
    first = next(iter(broader))
    old = (
        '<https://example.org/old> a skos:Concept ; skos:inScheme <https://example.org/> ; skos:notation "old" ;'
        f' skos:prefLabel "old"@en ; dct:isReplacedBy <https://example.org/{first}> .'
    )
    return vocabulary_from_turtle("group", f"{PREFIXES} <https://example.org/> a skos:ConceptScheme .\n{concepts}{old}")


class TestCounted:
    def test_in_every_cell_and_once_in_each_total(self) -> None:
        """Two groups and two countries are four cells of one record."""
        found = _counted(_record(population_group=["women", "refugees"], sdg_goal=["5"], country=["KEN", "UGA"]))

        assert found.of("women", "5", "KEN") == (1, 0, 0)
        assert found.of("refugees", "5", "UGA") == (1, 0, 0)
        assert found.of("women") == found.of(goal="5") == found.of(country="KEN") == found.of() == (1, 0, 0)
        assert found.of("women", "6") == found.of("youth") == (0, 0, 0)

    def test_a_wider_group_once(self) -> None:
        """Who is lesbian and trans is one record of LGBTIQ+."""
        found = _counted(_record(population_group=["lesbian", "trans"]), _record(population_group=["trans"]), _record())

        assert found.of("lgbtiq").records == found.of("trans").records == 2
        assert found.of("lesbian").records == 1
        assert found.of().records == 3

    def test_results_that_can_be_split(self) -> None:
        """Counted beside the records, in the same cells."""
        found = _counted(
            _record(by_sex=1, population_group=["women"], country=["KEN"]),
            _record(by_sex=1, by_gender=1, population_group=["women"], country=["GHA"]),
            _record(population_group=["women"], country=["GHA"]),
        )

        assert found.of("women") == Tally(records=3, by_sex=2, by_gender=1)
        assert found.of("women", country="GHA") == Tally(records=2, by_sex=1, by_gender=1)

    def test_a_target_stands_for_its_goal(self) -> None:
        """An indicator for both, as in the search."""
        found = _counted(_record(sdg_indicator=["C060101"], sdg_goal=["10"]), _record(sdg_target=["6.2"]))

        assert found.of(goal="6").records == 2
        assert found.of(goal="10").records == 1

    def test_records_alike(self) -> None:
        """As many as are alike; the order of the answers makes no difference."""
        answers = {"country": ["KEN", "UGA"]}
        found = _counted((answers, Tally(40, 2, 1)), ({"country": ["UGA", "KEN"]}, Tally(2, 0, 0)))

        assert found.of(country="KEN") == found.of() == (42, 2, 1)

    @pytest.mark.parametrize(
        "answers",
        [
            {},
            {"population_group": ["unknown"], "sdg_goal": ["none"], "country": ["unknown"]},
            {"population_group": ["martians"], "sdg_goal": ["99"], "country": ["XYZ"]},
        ],
        ids=["empty", "unknown", "of no list"],
    )
    def test_what_is_not_said(self, answers: dict[str, list[str]]) -> None:
        """Stands apart, and in the totals."""
        found = _counted(_record(**answers))

        assert found.of(NOT_SAID, NOT_SAID, NOT_SAID) == found.of() == (1, 0, 0)
        assert {code for cell in found.records for code in cell} == {ALL, NOT_SAID}

    def test_a_list_of_the_site(self) -> None:
        """A field that a site adds, whose entries name wider groups, counts for these."""
        text = f"""{PREFIXES} <https://example.org/> a skos:ConceptScheme .
            <https://example.org/d> a skos:Concept ; skos:inScheme <https://example.org/> ; skos:notation "dalit" ;
                skos:prefLabel "Dalit"@en ; skos:broadMatch <{_iri("caste_descent_based")}> ."""
        own = vocabulary_from_turtle("own-group", text)
        group = MODEL.schema.field("population_group")
        assert group is not None
        field = replace(group, name="own_group", vocabulary="own-group")
        model = Model(
            replace(MODEL.schema, fields=(*MODEL.schema.fields, field)), {**MODEL.vocabularies, "own-group": own}
        )

        found = _counted(_record(own_group=["dalit"], population_group=["women"]), model=model)

        assert found.of("caste_descent_based").records == found.of("women").records == 1

    def test_asks_only_what_is_counted(self) -> None:
        """Nothing else of a record is read."""
        assert set(Axes(MODEL).fields) == {"country", "population_group", "sdg_goal", "sdg_target", "sdg_indicator"}


def _iri(group: str) -> str:
    concept = LISTS["population-group"].by_code(group)
    assert concept is not None
    return concept.iri


class TestGroupsInOrder:
    def test_first_whom_statistics_miss(self) -> None:
        """Then the others as in the list; what belongs to a group stands below it."""
        found = groups_in_order(LISTS["population-group"])

        assert found[:9] == (
            ("persons_with_disabilities", False),
            ("lgbtiq", False),
            ("lesbian", True),
            ("gay", True),
            ("bisexual", True),
            ("trans", True),
            ("intersex", True),
            ("queer", True),
            ("indigenous_peoples", False),
        )
        assert found[9:11] == (("women", False), ("girls", False))
        assert len(found) == len({*found}) == 40

    def test_leaves_out_what_is_no_group(self) -> None:
        """Nobody is 'not known', and what isn't about people isn't about a group."""
        codes = {code for code, _ in groups_in_order(LISTS["population-group"])}

        assert not codes & {"unknown", "not_about_people"}
        assert "general_population" in codes

    def test_each_once(self) -> None:
        """Also one with several wider ones, over several steps; what is out of use is left out."""
        groups = _groups(a="", b="", c="a b", d="c", e="old")

        assert groups_in_order(groups) == (("a", False), ("c", True), ("d", True), ("b", False), ("e", False))


class TestOffered:
    def test_answers_alone(self) -> None:
        """The seventeen Goals, without 'none'."""
        assert offered(LISTS["sdg-goal"]) == tuple(map(str, range(1, 18)))
