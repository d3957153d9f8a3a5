"""What a posted form means."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.logic.forms.dataset_form import FormShape, Kind, Question, keywords_as_typed, package_from_form

COUNTRIES = catalogue_model.vocabularies()["country"]
LINE = Question(Kind.LINE)
SHAPE = FormShape(
    fields={
        "title_translated": Question(Kind.TEXT),
        "keyword": Question(Kind.KEYWORDS),
        "audience": LINE,
        "sample_size": Question(Kind.FIGURE),
        "documentation": Question(Kind.LINES),
        "country": Question(Kind.SEVERAL, COUNTRIES),
    },
    rows={
        "contact": {"name": LINE},
        "engagement": {"stage": LINE, "level": LINE, "who": Question(Kind.SEVERAL)},
        "place": {"country": Question(Kind.LINE, COUNTRIES), "date": Question(Kind.FIGURE)},
    },
)
EMPTY: dict[str, Any] = {
    "title_translated": {}, "keyword": {}, "documentation": [], "country": [], "contact": [], "engagement": [],
    "place": [],
}  # fmt: skip


class TestPackageFromForm:
    @pytest.mark.parametrize(
        ("typed", "means"),
        [
            ([], {}),
            ([("audience", " everyone ")], {"audience": "everyone"}),
            ([("audience", "")], {"audience": ""}),
            ([("country", "Kenya"), ("country", ""), ("country", "KEN")], {"country": ["KEN"]}),
            (
                [("title_translated-en", "A"), ("title_translated-zh-Hant", "B"), ("title_translated-fr", " ")],
                {"title_translated": {"en": "A", "zh-Hant": "B"}},
            ),
            (
                [
                    ("keyword-en", 'tap, queue\ntap,, "Nairobi, Kenya"'),
                    ("keyword-ar", "مياه، صنبور"),
                    ("keyword-fr", " ,"),
                ],
                {"keyword": {"en": ["tap", "queue", "Nairobi, Kenya"], "ar": ["مياه", "صنبور"]}},
            ),
            ([("sample_size", " ٤٦٣ ")], {"sample_size": "463"}),
            ([("sample_size", "many")], {"sample_size": "many"}),
            (
                [("documentation", "https://a.org\r\n\r\n https://b.org \nhttps://a.org")],
                {"documentation": ["https://a.org", "https://b.org"]},
            ),
            (
                [("contact-7-name", "Late"), ("contact-0-name", "Early"), ("contact-3-name", "")],
                {"contact": [{"name": "Early"}, {"name": "Late"}]},
            ),
            (
                [("engagement-0-stage", "design"), ("engagement-1-stage", "use"), ("engagement-1-who", "cbo")],
                {"engagement": [{"stage": "use", "who": ["cbo"]}]},
            ),
            (
                [("place-0-country", "kénya"), ("place-0-date", "٢٠٢٤-٠٣"), ("place-1-country", "Narnia")],
                {"place": [{"country": "KEN", "date": "2024-03"}, {"country": "Narnia"}]},
            ),
            ([("save", "publish"), ("state", "active"), ("private", "False"), ("contact-x-name", "A")], {}),
            ([("contact-0-role", "a part that nobody is asked for")], {}),
        ],
    )
    def test_reads_what_was_typed(self, typed: list[tuple[str, str]], means: dict[str, Any]) -> None:
        """Blanks are dropped, several answers stay a list, names become codes, and what is no field is ignored."""
        assert package_from_form(MultiDict(typed), SHAPE) == EMPTY | means


class TestKeywordsAsTyped:
    @pytest.mark.parametrize("words", [["tap"], ["tap", "Nairobi, Kenya"], ["مياه، صنبور", "queue"]])
    def test_is_read_as_the_same_keywords(self, words: list[str]) -> None:
        """A keyword with a comma in it comes back whole."""
        form = MultiDict([("keyword-en", keywords_as_typed(words))])

        assert package_from_form(form, SHAPE)["keyword"] == {"en": words}
