"""What Solr is asked."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.searching import corrected, names, near_queries, query_fields, solr_query, typed

NAMES = names(catalogue_model.load())
ASKED = {
    "ramps": "ramps",
    "Kenya": '(kenya OR vocab_about:("country/KEN"^=3))',
    "migrants Peru": (
        '(migrants OR vocab_about:("population-group/migrants"^=3)) (peru OR vocab_about:("country/PER"^=3))'
    ),
    "Sierra Leone": ('((sierra OR vocab_about:("country/SLE"^=1.5)) AND (leone OR vocab_about:("country/SLE"^=1.5)))'),
    "poverty": (
        '(poverty OR vocab_about:("population-group/people_in_poverty"^=3 OR "sdg-goal/1"^=3'
        ' OR "lnob-factor/socio_economic_status"^=1 OR "sdg-goal/7"^=1))'
    ),
    "How many ramps are there?": "ramps",
    "d'ascenseurs / l'ascenseur": "ascenseurs ascenseur",
    'ramps "in Accra" -lifts': 'ramps +"in accra" -"lifts"',
    "ramps OR lifts": "ramps lifts",
    "steps && (lifts) ~ ^20": "steps lifts 20",
    "石头": '"石头"',
    "石头水污染": '"石头" ("水污染" OR vocab_about:("sdg-goal/6"^=3))',
    "-rural": '*:* -"rural"',
}
NEAR = {
    "ramps": "(ramps OR citizendata_title:ramps~1^=2 OR text:ramps~1^=1)",
    'Kenya toilettz "in Accra"': (
        '(kenya OR vocab_about:("country/KEN"^=3))'
        " OR (toilettz OR citizendata_title:toilettz~2^=2 OR text:toilettz~2^=1"
        ' OR text:"toi lettz" OR text:"toil ettz" OR text:"toile ttz" OR vocab_about:("sdg-goal/6"^=1))'
        ' +"in accra"'
    ),
    "decent work and economic growth zinc": (
        '((decent OR vocab_about:("sdg-goal/8"^=0.75)) AND (work OR vocab_about:("sdg-goal/8"^=0.75))'
        ' AND (economic OR vocab_about:("sdg-goal/8"^=0.75)) AND (growth OR vocab_about:("sdg-goal/8"^=0.75))) OR zinc'
    ),
    "sexworkers": (
        "(sexworkers OR citizendata_title:sexworkers~2^=2 OR text:sexworkers~2^=1"
        ' OR text:"sex workers" OR text:"sexw orkers" OR text:"sexwo rkers" OR text:"sexwor kers" OR text:"sexwork ers"'
        ' OR vocab_about:("population-group/sex_workers"^=1))'
    ),
}
WANTED = {
    '"in Accra"': [],
    "ramps": ["1"],
    "ramps lifts": ["2", "1"],
    # No slip of either: all words would find nothing once more.
    "Kenya bus": ["1"],
    "bus": [],
    "ramps lifts steps": ["2", "1"],
    "ramps lifts steps doors stairs halls walls": ["7", "1"],
}
SLIPS = {
    "mosqito nets": "mosquito nets",
    "Mosquito nets": None,
    "nets": None,
    "HOMELES mosqito": "homeless mosquito",
    # Letters that Python takes for each other, and one that has no small letter of its own.
    'mosqito "moſqito"': 'mosquito "moſqito"',
    'mosqito "mosqıto"': 'mosquito "mosqıto"',
    "mosqİto": None,
}


def asked(text: str) -> str:
    return solr_query(typed(text) or (), NAMES)


class TestQuery:
    @pytest.mark.parametrize("text", ASKED)
    def test_asks_for_each_word_or_what_it_names(self, text: str) -> None:
        """The longest names first; signs of Solr's mean nothing."""
        assert asked(text) == ASKED[text]

    def test_nothing_is_let_in(self) -> None:
        """Whatever is typed, the query holds words, quotes and clauses of ours."""
        assert asked('ramp" OR (permission_labels "{!join} \\') == "ramp permission labels join"

    @pytest.mark.parametrize(
        ("text", "languages"),
        [("eau", {"es", "fr"}), ("مياه", {"ar"}), ("вода", {"ru"}), ("水", {"zh"}), ("2019", set())],
    )
    def test_asks_in_languages_with_these_letters(self, text: str, languages: set[str]) -> None:
        """Any other field would cost time and find nothing."""
        fields = query_fields(typed(text) or ()).split()
        assert {field[12:14] for field in fields if field.endswith("^2")} == languages
        assert fields[:3] == ["name^4", "title^4", "text"]


class TestNear:
    @pytest.mark.parametrize("text", WANTED)
    def test_asks_for_less_each_time(self, text: str) -> None:
        """Of three words all but one, then any; of one or two, or of very many, all first."""
        assert [near.wanted for near in near_queries(typed(text) or (), NAMES)] == WANTED[text]

    @pytest.mark.parametrize("text", NEAR)
    def test_asks_for_slips_of_words_that_no_name_has(self, text: str) -> None:
        """In titles and in all words; phrases stay wanted."""
        query = next(near_queries(typed(text) or (), NAMES)).text
        assert query == NEAR[text]

    def test_a_query_stays_short(self) -> None:
        """Solr takes a thousand clauses, and makes fifty of a slip in a field."""
        seven = "zqxvk wqjxk vkzqp jxqwv kzvqx qpwzk xvjqz"
        query = next(near_queries(typed(seven) or (), NAMES)).text
        assert query.count("~") == 12

    def test_cuts_chinese_into_pairs(self) -> None:
        """Since nobody knows where a word ends."""
        first = next(near_queries(typed("上海石头") or (), NAMES)).text
        assert first == '("上海石头" OR "上海" OR "海石" OR "石头")'

    def test_nobody_makes_the_search_engine_work_for_minutes(self) -> None:
        """A word of very many letters has no slips, and a long text few queries."""
        long = next(near_queries(typed("ramps " + "a" * 900) or (), NAMES)).text
        han = next(near_queries(typed("水妇女" * 333) or (), NAMES)).text

        assert long.endswith(" OR " + "a" * 900)
        assert han.count('"水"') == 10

    @pytest.mark.parametrize("text", SLIPS)
    def test_tells_what_may_be_meant(self, text: str) -> None:
        """From names and from the titles that were found; what is known is no slip."""
        titles = ["Mosquito nets that never reached the village"]
        assert corrected(text, typed(text) or (), NAMES, titles) == SLIPS[text]
