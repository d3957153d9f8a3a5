"""Which questions the form asks, and how their answers arrive."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.logic.forms.dataset_form import Kind
from ckanext.citizendata.logic.forms.form_choices import choices, labels_in_order, typed_words
from ckanext.citizendata.logic.forms.form_layout import (
    answered,
    fields_of,
    form_layout,
    form_shape,
    is_answered,
    typed_lists,
)

SCHEMA = catalogue_model.schema_dict()
LISTS = catalogue_model.vocabularies()
FIELDS = {field["field_name"]: field for field in SCHEMA["dataset_fields"]}


class TestFormLayout:
    def test_asks_each_question_once(self) -> None:
        """Every field stands in exactly one place, and what follows from others in none."""
        layout = form_layout(SCHEMA)
        asked = [*layout.quick, *layout.safety, *layout.audience]
        asked += [field for section in layout.more for field in (*section.first, *section.rest)]
        names = sorted(field["field_name"] for field in asked)

        assert names == sorted(name for name, field in FIELDS.items() if field["obligation"] != "derived")

    def test_labels_of_communities_are_told(self) -> None:
        """The form shows them and asks nothing."""
        assert [field["field_name"] for field in form_layout(SCHEMA).told] == ["lc_label"]


class TestFormShape:
    def test_leaves_out_what_nobody_is_asked(self) -> None:
        """An edit must not clear what the form has no box for."""
        shape = form_shape(SCHEMA, LISTS)
        names = shape.fields.keys() | shape.rows.keys()

        assert not names & {"lc_label", "withdrawal_event", "completeness", "metadata_language", "publisher"}
        assert {"name", "owner_org", "resources"} <= names

    @pytest.mark.parametrize(
        ("place", "kind", "words"),
        [
            (("keyword",), Kind.KEYWORDS, None),
            (("documentation",), Kind.LINES, None),
            (("response_rate",), Kind.FIGURE, None),
            (("issued",), Kind.FIGURE, None),
            (("frequency",), Kind.LINE, None),
            (("language",), Kind.SEVERAL, "language"),
            (("use_policy", "duty"), Kind.SEVERAL, "policy-action"),
            (("instrument", "language"), Kind.LINE, "language"),
            (("integration_detail", "indicator"), Kind.LINE, "sdg-indicator"),
            (("resources", "documentation"), Kind.LINES, None),
            (("resources", "language"), Kind.SEVERAL, "language"),
        ],
    )
    def test_knows_how_answers_arrive(self, place: tuple[str, ...], kind: Kind, words: str | None) -> None:
        """Each kind of field, at the top and in rows; hundreds of entries are asked for as words."""
        shape = form_shape(SCHEMA, LISTS)
        question = shape.fields[place[0]] if len(place) == 1 else shape.rows[place[0]][place[1]]

        assert (question.kind, question.words.name if question.words else None) == (kind, words)

    def test_offers_each_long_list_once(self) -> None:
        """Languages are asked for in three places."""
        names = [each.name for each in typed_lists(SCHEMA, LISTS)]

        assert sorted(names) == ["country", "language", "sdg-indicator", "sdg-target"]

    def test_reads_the_profile_of_an_organisation(self) -> None:
        """The same rules serve its form."""
        schema = catalogue_model.schema_dict("organization")
        shape = form_shape(schema, LISTS)

        assert len(shape.fields) + len(shape.rows) == len(fields_of(schema))


class TestIsAnswered:
    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("sample_size", 0, True),
            ("keyword", {}, False),
            ("data_ownership", "unknown", False),
            ("consent_type", ["unknown"], False),
            ("consent_type", ["oral"], True),
            (
                "engagement",
                [{"stage": "design", "level": "unknown"}, {"stage": "collection", "level": "unknown"}],
                False,
            ),
            ("engagement", [{"stage": "design", "level": "3"}], True),
        ],
    )
    def test_only_what_somebody_knew_counts(self, name: str, value: Any, expected: bool) -> None:
        """What is filled in for want of an answer is none."""
        assert is_answered(FIELDS[name], value) is expected

    def test_counts(self) -> None:
        """The number of answers among some fields."""
        assert answered([FIELDS["version"], FIELDS["issued"]], {"version": "2", "title": "A"}) == 1


class TestChoices:
    def test_a_chosen_code_stays_though_out_of_use(self) -> None:
        """A replaced code, or one that the list never had, can be kept in the form."""
        listed = LISTS["yes-no-unknown"]

        assert [choice["value"] for choice in choices(listed, "en", ["perhaps"])][-1] == "perhaps"
        assert "perhaps" not in [choice["value"] for choice in choices(listed, "en")]

    def test_words_mean_the_same_codes_again(self) -> None:
        """Whatever the language, no code is lost or changed by opening and saving a form."""
        for name in ("country", "language", "sdg-target", "sdg-indicator"):
            for reader in ("en", "ar"):
                words = typed_words(LISTS[name], LISTS[name].codes, reader)
                assert [LISTS[name].by_label(word) for word in words if word not in LISTS[name]] == [
                    LISTS[name].by_code(code)
                    for word, code in zip(words, LISTS[name].codes, strict=True)
                    if word not in LISTS[name]
                ]

    def test_a_wrong_word_stays_as_typed(self) -> None:
        """It stands in the box again beside the message."""
        assert typed_words(LISTS["country"], ["Narnia"], "en") == ["Narnia"]

    def test_numbered_labels_keep_their_order(self) -> None:
        """1.1 comes before 10.1; names follow the alphabet, whatever their accents."""
        assert [label[:4].strip() for label in labels_in_order(LISTS["sdg-target"], "en")][:2] == ["1.1", "1.2"]
        assert labels_in_order(LISTS["country"], "en")[:3] == ["Afghanistan", "Åland Islands", "Albania"]
