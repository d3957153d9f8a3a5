"""What speaks for a statistical office."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.rules import Decision, claims, official_values, rests_on, standing_of
from ckanext.citizendata.core.rules.official import QUALITIES

CERTIFICATE = {"quality_certificate": ["https://nso.example/1"]}
INTEGRATION = {"integration_status": "integrated"}
ASSESSED = {"quality_assessment": [{"assessor_kind": "nso"}]}
(INTEGRATED,) = claims(INTEGRATION)
(CERTIFIED,) = claims(CERTIFICATE)


def _quality(decisions: tuple[Decision, ...] = (), **package: Any) -> str:
    return official_values(package, decisions)["quality_status"]


class TestClaims:
    @pytest.mark.parametrize(
        ("package", "found"),
        [
            ({}, ()),
            ({"integration_status": "stand_alone_by_choice"}, ()),
            ({"integration_status": "unknown"}, ()),
            ({"integration_status": "integrated"}, (("integration_status", "integrated"),)),
            (
                {**CERTIFICATE, "quality_assessment": [{"assessor_kind": "nso"}, {"assessor_kind": "academia"}]},
                (("quality_status", "certified"), ("quality_status", "nso_assessed")),
            ),
        ],
    )
    def test_are_what_only_an_office_can_know(
        self, package: dict[str, Any], found: tuple[tuple[str, str], ...]
    ) -> None:
        """Its relation to the data, and its judgement of them."""
        assert tuple((claim.field, claim.value) for claim in claims(package)) == found

    def test_have_a_mark_each(self) -> None:
        """Also where nothing carries them: who saw one value didn't see another."""
        package = {**CERTIFICATE, **ASSESSED, **INTEGRATION}
        found = [
            *claims(package),
            *claims({"integration_status": "formerly_used"}),
            *claims({**package, "country": ["KEN"]}),
        ]

        assert len({claim.mark for claim in found}) == len(found) == 7
        assert [claim.mark for claim in claims(package)] == [claim.mark for claim in claims(dict(package))]

    @pytest.mark.parametrize(
        ("package", "fields"),
        [
            (INTEGRATION, ("integration_detail", "nso_partner", "country")),
            (CERTIFICATE, ("quality_certificate", "country")),
            (ASSESSED, ("quality_assessment", "country")),
        ],
    )
    def test_rest_on_fields_of_the_schema(self, package: dict[str, Any], fields: tuple[str, ...]) -> None:
        """The page of the office shows them beside the value."""
        (claim,) = claims(package)

        assert rests_on(claim) == fields
        assert all(catalogue_model.load().schema.field(name) for name in fields)


class TestQualityStatus:
    def test_knows_the_codes_of_its_list(self) -> None:
        """From the weakest to the strongest, as the list has them."""
        assert catalogue_model.load().vocabularies["quality-status"].codes == QUALITIES

    @pytest.mark.parametrize(
        ("package", "status"),
        [
            ({}, "not_assessed"),
            ({"quality_assessment": [{"result": "good"}]}, "self_assessed"),
            ({"quality_assessment": [{"assessor_kind": "academia"}], "producer_kind": "academia"}, "self_assessed"),
            ({"quality_assessment": [{"assessor_kind": "academia"}], "producer_kind": "opd"}, "peer_reviewed"),
            ({"quality_assessment": [{"assessor_kind": "opd"}]}, "community_validated"),
            ({"community_validation": "yes", "quality_assessment": [{"result": "good"}]}, "community_validated"),
            ({"community_validation": "partly"}, "not_assessed"),
            ({"quality_assessment": [{"assessor_kind": "nso"}]}, "nso_assessed"),
            (CERTIFICATE, "certified"),
        ],
    )
    def test_is_the_strongest_reached(self, package: dict[str, Any], status: str) -> None:
        """By who assessed; an assessor of the producer's own kind counts as the producer."""
        assert _quality(**package) == status

    @pytest.mark.parametrize(
        ("relation", "status"),
        [
            ("integrated", "nso_validated"),
            ("formerly_used", "nso_validated"),
            ("assessed_not_suitable", "nso_assessed"),
            ("inventoried_by_nso", "not_assessed"),
        ],
    )
    def test_follows_a_confirmed_relation(self, relation: str, status: str) -> None:
        """What the office uses it has accepted, once it says so itself."""
        confirmed = (Decision(claims({"integration_status": relation})[0], confirmed=True),)

        assert _quality(confirmed, integration_status=relation) == status
        assert _quality((), integration_status=relation) == "not_assessed"

    def test_falls_with_a_denial(self) -> None:
        """What the office denies doesn't count."""
        package = {**CERTIFICATE, "community_validation": "yes"}

        assert _quality((Decision(CERTIFIED, confirmed=False),), **package) == "community_validated"


class TestOfficialStatement:
    @pytest.mark.parametrize(
        ("decisions", "standing"),
        [
            ((), "stated_by_producer"),
            ((Decision(INTEGRATED, confirmed=True),), "stated_by_producer"),
            ((Decision(INTEGRATED, confirmed=True), Decision(CERTIFIED, confirmed=True)), "confirmed"),
            ((Decision(INTEGRATED, confirmed=False),), "denied"),
            (
                (
                    Decision(INTEGRATED, confirmed=False),
                    Decision(CERTIFIED, confirmed=True),
                    Decision(INTEGRATED, confirmed=True),
                ),
                "confirmed",
            ),
        ],
    )
    def test_the_weakest_claim_counts(self, decisions: tuple[Decision, ...], standing: str) -> None:
        """Denied where one is denied, confirmed only where all are; the last word about each counts."""
        package = {"integration_status": "integrated", **CERTIFICATE}

        assert official_values(package, decisions)["official_statement"] == standing

    def test_a_changed_value_is_stated_again(self) -> None:
        """A decision is about one value."""
        (used,) = claims({"integration_status": "formerly_used"})

        assert standing_of(used, [Decision(INTEGRATED, confirmed=True)]) == "stated_by_producer"

    @pytest.mark.parametrize(
        ("before", "changed"),
        [
            (INTEGRATION, {"integration_detail": [{"product": {"en": "SDG report"}}]}),
            (INTEGRATION, {"nso_partner": [{"agent_name": "Bureau"}]}),
            (INTEGRATION, {"country": ["KEN"]}),
            (CERTIFICATE, {"quality_certificate": ["https://nso.example/2"]}),
            (CERTIFICATE, {"country": ["KEN"]}),
            (ASSESSED, {"quality_assessment": [{"assessor_kind": "nso", "result": "good"}]}),
        ],
    )
    def test_changed_content_is_stated_again(self, before: dict[str, Any], changed: dict[str, Any]) -> None:
        """What carries a claim is what the office answered; changed back, the answer holds again."""
        (answered,) = claims(before)
        (now,) = claims({**before, **changed})

        assert standing_of(now, [Decision(answered, confirmed=True)]) == "stated_by_producer"
        assert standing_of(answered, [Decision(answered, confirmed=True)]) == "confirmed"

    def test_an_earlier_answer_does_not_return_over_a_later_one(self) -> None:
        """Who was denied can't go back to the content that was confirmed before."""
        (other,) = claims({**INTEGRATION, "country": ["KEN"]})
        decisions = [Decision(INTEGRATED, confirmed=True), Decision(other, confirmed=False)]

        assert standing_of(INTEGRATED, decisions) == "stated_by_producer"

    @pytest.mark.parametrize(
        ("package", "same"),
        [
            ({"country": ["KEN", "UGA"]}, {"country": ["UGA", "KEN"], "title_translated": {"en": "Other"}}),
            (
                {"nso_partner": [{"name": "A"}, {"name": "B", "url": ""}]},
                {"nso_partner": [{"name": "B"}, {"name": "A"}]},
            ),
            ({"nso_partner": [], "quality_assessment": [{"assessor_kind": "nso"}]}, ASSESSED),
        ],
    )
    def test_the_order_and_the_rest_do_not_matter(self, package: dict[str, Any], same: dict[str, Any]) -> None:
        """Only what carries the claim counts."""
        assert claims({**INTEGRATION, **package}) == claims({**INTEGRATION, **same})

    def test_odd_content_has_a_digest(self) -> None:
        """Lone surrogates, deep nesting, keys that are no texts."""
        deep: Any = "end"
        for _ in range(5000):
            deep = [deep]
        odd = [{"name": "\ud800", 1: deep, "more": object}]

        assert len(claims({**INTEGRATION, "nso_partner": odd})[0].digest) == 64

    def test_without_a_claim_there_is_none(self) -> None:
        """Most records say nothing for an office."""
        assert official_values({"integration_status": "none"})["official_statement"] is None
