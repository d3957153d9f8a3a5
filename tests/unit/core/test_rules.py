"""What follows from the answers of a record."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.rules import derived, safe_defaults
from ckanext.citizendata.core.rules.completeness import completeness, is_answered
from ckanext.citizendata.core.rules.engagement import engagement_profile
from ckanext.citizendata.core.schema import Field, Schema
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

MODEL = catalogue_model.load()


def _engagement(**levels: str) -> list[dict[str, str]]:
    return [{"stage": stage, "level": level} for stage, level in levels.items()]


def _follows(name: str, **package: Any) -> Any:
    return derived(MODEL, package)[name]


class TestDerived:
    @pytest.mark.parametrize(
        "package",
        [
            {},
            {"engagement": "much", "sdg_target": 6, "quality_assessment": [None, "good"], "title_translated": "Water"},
            {"engagement": [{"stage": ["design"], "level": None}], "consent_type": {"yes": 1}, "sdg_indicator": [[]]},
        ],
    )
    def test_is_total(self, package: dict[str, Any]) -> None:
        """Nothing, or anything but answers, is no answer."""
        values = dict(derived(MODEL, package))

        assert values.pop("completeness") < 5
        assert values == {
            "engagement_profile": None,
            "scope_hint": "not_enough_information",
            "official_statement": None,
            "quality_status": "not_assessed",
            "consent_status": None if "consent_type" not in package else "ConsentUnknown",
            "metadata_language": None,
        }

    def test_takes_no_callers_word(self) -> None:
        """A derived value that a caller wrote has no part in it."""
        values = derived(MODEL, {"quality_status": "certified", "official_statement": "confirmed"})

        assert (values["quality_status"], values["official_statement"]) == ("not_assessed", None)


class TestEngagementProfile:
    @pytest.mark.parametrize(
        ("engagement", "profile"),
        [
            (_engagement(collection="5", needs="5", design="4"), "needs5-design4-collection5"),
            (_engagement(design="unknown", collection="0"), "collection0"),
            ([*_engagement(design="2"), *_engagement(design="4")], "design4"),
            (_engagement(design="unknown"), None),
            (_engagement(dreaming="5", design="9x"), "design9"),
        ],
    )
    def test_in_the_order_of_stages(self, engagement: list[dict[str, str]], profile: str | None) -> None:
        """Unknown levels and stages are left out; the highest of a stage counts."""
        assert _follows("engagement_profile", engagement=engagement) == profile

    def test_reads_a_replaced_level_as_its_successor(self) -> None:
        """A level that got a new code is told by the new one."""
        level = "a skos:Concept ; skos:inScheme :s ; skos:notation"
        levels = vocabulary_from_turtle(
            "level",
            f"""@prefix : <https://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            @prefix dct: <http://purl.org/dc/terms/> . :s a skos:ConceptScheme .
            :old {level} "deciding" ; skos:prefLabel "Deciding"@en ; dct:isReplacedBy :new .
            :new {level} "5" ; skos:prefLabel "Self-determined"@en .""",
        )

        package = {"engagement": _engagement(design="deciding")}
        assert engagement_profile(package, MODEL.vocabularies["engagement-stage"], levels) == "design5"


class TestScopeHint:
    @pytest.mark.parametrize(
        ("initiator", "design", "collection", "hint"),
        [
            ("informal_group", "unknown", "unknown", "in_scope"),
            ("opd", "0", "0", "in_scope"),
            ("academia", "0", "3", "in_scope"),
            ("nso", "2", "1", "borderline"),
            ("national_ngo", "1", "1", "borderline"),
            ("national_ngo", "1", "0", "not_enough_information"),
            ("private_sector", "2", "2", "not_enough_information"),
            ("private_sector", "0", "0", "outside"),
            ("national_ngo", "0", "unknown", "not_enough_information"),
            ("unknown", "unknown", "unknown", "not_enough_information"),
        ],
    )
    def test_follows_from_who_started_and_who_decided(
        self, initiator: str, design: str, collection: str, hint: str
    ) -> None:
        """By who started it, and by the levels of design and collection."""
        engagement = _engagement(design=design, collection=collection)

        assert _follows("scope_hint", initiator_kind=[initiator], engagement=engagement) == hint


class TestGoals:
    @pytest.mark.parametrize(
        ("given", "target", "goal"),
        [
            ({"sdg_indicator": ["C060101"]}, ["6.1"], ["6"]),
            ({"sdg_target": ["6.2", "5.2"], "sdg_goal": ["none"]}, None, ["5", "6"]),
            ({"sdg_target": ["6.2"], "sdg_goal": ["10", "other"]}, None, ["6", "10", "other"]),
            ({"sdg_target": ["6.2"], "sdg_goal": ["6"]}, None, None),
            ({"sdg_goal": ["none"]}, None, None),
            ({"sdg_target": ["99.9"]}, None, None),
        ],
    )
    def test_are_added(self, given: dict[str, Any], target: list[str] | None, goal: list[str] | None) -> None:
        """The target of an indicator and the goal of a target join what was given; `none` gives way."""
        values = derived(MODEL, given)

        assert (values.get("sdg_target"), values.get("sdg_goal")) == (target, goal)


class TestConsentStatus:
    @pytest.mark.parametrize(
        ("package", "status"),
        [
            ({"consent_type": ["individual_written"]}, "ConsentGiven"),
            ({"consent_type": ["unknown"]}, "ConsentUnknown"),
            ({"consent_type": ["legal_mandate", "unknown"]}, None),
            ({"consent_type": ["not_obtained"]}, None),
            ({"collective_consent": [{"status": "given"}, {"status": "refused"}]}, "ConsentRefused"),
            ({"collective_consent": [{"status": "in_progress"}], "consent_type": ["terms"]}, "ConsentRequested"),
            ({"collective_consent": [{"status": "not_sought"}], "consent_type": ["collective_fpic"]}, "ConsentGiven"),
            ({"withdrawal_event": [{"action": "correct"}], "consent_type": ["unknown"]}, "ConsentUnknown"),
            (
                {"withdrawal_event": [{"requester": "person"}], "collective_consent": [{"status": "given"}]},
                "ConsentWithdrawn",
            ),
            (
                {
                    "withdrawal_event": [
                        {"date": "2024-05", "requester": "authority", "action": "hide_record"},
                        {"date": "2023", "requester": "person"},
                    ]
                },
                "ConsentRevoked",
            ),
        ],
    )
    def test_the_strictest_counts(self, package: dict[str, Any], status: str | None) -> None:
        """A withdrawal before what a community decided, and that before what single people agreed to."""
        assert _follows("consent_status", **package) == status


class TestMetadataLanguage:
    def test_by_the_tags_of_the_texts(self) -> None:
        """In the order of the list; `und`, empty texts and what the list lacks are left out."""
        title = {"pt-BR": "Água", "en": "Water", "und": "H2O", "fr": "", "tlh": "bIQ"}

        found = _follows("metadata_language", title_translated=title, notes_translated={"swa": "Maji"})

        languages: Vocabulary = MODEL.vocabularies["language"]
        assert found == [code for code in languages.codes if code in {"ENG", "POR", "SWA"}]


class TestCompleteness:
    SCHEMA = Schema(
        "dataset",
        (),
        (
            Field("a", {}, {}, obligation="mandatory"),
            Field("b", {}, {}, obligation="recommended", vocabulary="yes", many=True),
            Field("c", {}, {}, obligation="quick"),
            Field("d", {}, {}, obligation="optional"),
            Field("e", {}, {}, obligation="derived"),
            Field("f", {}, {}, obligation="safety", safety_class="shared"),
        ),
    )

    @pytest.mark.parametrize(
        ("package", "share"),
        [
            ({}, 0),
            ({"a": "x"}, 33),
            ({"a": "x", "b": ["unknown"], "c": " "}, 33),
            ({"a": "x", "b": ["yes"], "d": "x", "e": "x"}, 66),
            ({"a": {"en": "x"}, "b": ["unknown", "no"], "c": 0}, 100),
        ],
    )
    def test_counts_open_questions_that_are_asked(self, package: dict[str, Any], share: int) -> None:
        """`unknown` counts as no answer; optional, derived and closed fields don't count."""
        assert completeness(package, self.SCHEMA) == share

    def test_tells_nothing_of_closed_fields(self) -> None:
        """However they are answered, the number is the same."""
        closed = {field.name: "x" for field in MODEL.schema.fields if field.closed}

        assert completeness(closed, MODEL.schema) == completeness({}, MODEL.schema) == 0

    def test_of_no_questions_is_nothing(self) -> None:
        """A schema that asks nothing has nothing to answer."""
        assert completeness({}, Schema("dataset", (), ())) == 0

    @pytest.mark.parametrize(
        ("field", "value", "answered"),
        [
            ("engagement", _engagement(design="unknown", collection="unknown"), False),
            ("engagement", _engagement(design="unknown", collection="2"), True),
            ("engagement", [], False),
            ("community", [{"name": "Residents of Makina", "role": "unknown"}], True),
            ("community", [{"role": ""}, "x"], False),
            ("sdg_goal", ["none"], False),
            ("response_rate", 0, True),
        ],
    )
    def test_a_stage_alone_is_no_answer(self, field: str, value: Any, answered: bool) -> None:
        """A row needs a text, or codes that all say something; what stands for no answer isn't one."""
        found = MODEL.schema.field(field)
        assert found is not None

        assert is_answered(found, value) is answered


class TestSafeDefaults:
    def test_only_what_was_left_open(self) -> None:
        """Care asks for narrow access and readers where the person gave none."""
        assert safe_defaults({"indigenous_data": "yes", "audience": "everyone"}) == {"access_rights": "NON_PUBLIC"}
