"""What Solr is asked."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.searching import corrected, names, near_queries, solr_query, typed

NAMES = names(catalogue_model.load())
ASKED = {
    "ramps": "ramps",
    "Kenya": '(kenya OR vocab_about:("country/KEN")^=4)',
    "migrants Peru": (
        '(migrants OR vocab_about:("population-group/migrants")^=4) (peru OR vocab_about:("country/PER")^=4)'
    ),
    "Sierra Leone": '((sierra AND leone) OR vocab_about:("country/SLE")^=4)',
    'ramps "in Accra" -lifts': 'ramps +"in accra" -"lifts"',
    "ramps OR lifts": "ramps lifts",
    "steps && (lifts) ~ ^20": "steps lifts 20",
    "水污染": '"水污染"',
}
SLIPS = {"mosqito nets": "mosquito nets", "Mosquito nets": None, "nets": None, "HOMELES mosqito": "homeless mosquito"}


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


class TestNear:
    def test_asks_for_less_each_time(self) -> None:
        """Of three words all but one, then any."""
        first, second = near_queries(typed("ramps lifts steps") or (), NAMES)
        ramp, lift, step = "(ramps OR ramps~1)", "(lifts OR lifts~1)", "(steps OR steps~1)"
        assert first == f"(({lift} AND {step}) OR ({ramp} AND {step}) OR ({ramp} AND {lift}))"
        assert second == f"({ramp} OR {lift} OR {step})"

    def test_cuts_chinese_into_pairs(self) -> None:
        """Since nobody knows where a word ends."""
        first, *_ = near_queries(typed("上海老人") or (), NAMES)
        assert first == '("上海老人" OR "上海" OR "海老" OR "老人")'

    @pytest.mark.parametrize("text", SLIPS)
    def test_tells_what_may_be_meant(self, text: str) -> None:
        """From names and from the titles that were found; what is known is no slip."""
        titles = ["Mosquito nets that never reached the village"]
        assert corrected(text, typed(text) or (), NAMES, titles) == SLIPS[text]
