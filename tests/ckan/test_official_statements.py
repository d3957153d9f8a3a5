"""What a record says in the name of a statistical office, and who may answer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.model import change, record
from ckanext.citizendata.model import member as members
from tests.ckan.offices import CLAIM, CONFIRM, DENY, LIST, SHOW, act, office, standing

Make = Callable[..., dict[str, Any]]

STATEMENT_OF = "<https://w3id.org/citizen-data/ns#officialStatementStatus>"
CONFIRMED = "<https://w3id.org/citizen-data/vocabulary/statement-status/confirmed>"


class TestStatement:
    def test_is_the_producers_until_the_office_speaks(self, stated: dict[str, Any]) -> None:
        """Whatever a caller says of it."""
        call("package_patch", id=stated["id"], official_statement="confirmed", quality_status="certified")

        assert standing(stated["id"]) == ("stated_by_producer", "not_assessed")

    def test_of_a_record_that_says_nothing_there_is_none(self, dataset: Make) -> None:
        """Most records don't speak for an office."""
        assert "official_statement" not in act("package_show", None, id=dataset()["id"])

    def test_follows_the_office(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """In the package, in its RDF and in the list of changes, at once."""
        answer = act(CONFIRM, statistician, id=stated["id"], field="integration_status")

        assert (answer["field"], answer["value"], answer["decision"]) == (
            "integration_status",
            "integrated",
            "confirmed",
        )
        assert standing(stated["id"]) == ("confirmed", "nso_validated")
        assert f"{STATEMENT_OF} {CONFIRMED}" in record.by_package(stated["id"]).fragment
        assert [step.operation for step in change.of_package(stated["id"])] == ["create", "update"]

    def test_is_found_by_what_the_office_said(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """The search knows the quality that follows."""
        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        found = call("package_search", fq="vocab_quality_status:nso_validated")

        assert [package["id"] for package in found["results"]] == [stated["id"]]

    def test_the_last_word_counts(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """An office may change its mind; what it said before stays in the list."""
        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        act(DENY, statistician, id=stated["id"], field="integration_status", reason="Never seen.")

        assert standing(stated["id"]) == ("denied", "not_assessed")
        assert [(step["decision"], step["reason"]) for step in act(LIST, None, id=stated["id"])] == [
            ("confirmed", None),
            ("denied", "Never seen."),
        ]

    def test_a_changed_value_is_stated_again(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """The office answered about another value; when it returns, so does the answer."""
        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        call("package_patch", id=stated["id"], integration_status="formerly_used")
        assert standing(stated["id"])[0] == "stated_by_producer"

        call("package_patch", id=stated["id"], **CLAIM)
        assert standing(stated["id"])[0] == "confirmed"

    def test_changed_content_is_stated_again(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """Nobody hangs new words onto what the office confirmed."""
        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        detail = [{"product": "National SDG report 2023"}]
        call("package_patch", id=stated["id"], integration_detail=detail)
        assert standing(stated["id"]) == ("stated_by_producer", "not_assessed")
        assert CONFIRMED not in record.by_package(stated["id"]).fragment

        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        assert standing(stated["id"])[0] == "confirmed"

    def test_outlives_other_edits(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """A new title doesn't take the confirmation away."""
        act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        call("package_patch", id=stated["id"], title_translated={"en": "Water points, again"})

        assert standing(stated["id"])[0] == "confirmed"
        assert CONFIRMED in record.by_package(stated["id"]).fragment

    def test_a_denied_certificate_does_not_count(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """The quality falls to what else is said."""
        id_ = dataset(quality_certificate=["https://example.org/c"], community_validation="yes")["id"]
        assert standing(id_) == ("stated_by_producer", "certified")

        act(DENY, statistician, id=id_, field="quality_status", value="certified", reason="Not ours.")
        assert standing(id_) == ("denied", "community_validated")


class TestWhoMayAnswer:
    @pytest.mark.parametrize(
        ("countries", "capacity", "kind", "may"),
        [
            (("KEN",), "editor", "nso", True),
            (("KEN",), "admin", "nso", True),
            ((), "editor", "nso", False),
            (("GHA",), "editor", "nso", False),
            (("KEN",), "member", "nso", False),
            (("KEN",), "editor", "ministry_agency", False),
        ],
    )
    def test_people_of_the_office_of_the_country(
        self, stated: dict[str, Any], countries: tuple[str, ...], capacity: str, kind: str, may: bool
    ) -> None:
        """Editors and administrators of a statistical office that works where the record is about."""
        user = office(*countries, capacity=capacity, kind=kind)
        if may:
            assert act(CONFIRM, user, id=stated["id"], field="integration_status")["decision"] == "confirmed"
        else:
            with pytest.raises(tk.NotAuthorized):
                act(CONFIRM, user, id=stated["id"], field="integration_status")
            assert standing(stated["id"])[0] == "stated_by_producer"

    def test_nobody_else(self, stated: dict[str, Any], editor: dict[str, Any]) -> None:
        """Neither who wrote the record nor a visitor, nor who runs the site: that isn't the office."""
        for user in (editor, factories.Sysadmin(), None):
            with pytest.raises(tk.NotAuthorized):
                act(DENY, user, id=stated["id"], field="integration_status", reason="No.")

    def test_without_a_check_of_access_nobody_speaks(self, stated: dict[str, Any]) -> None:
        """A program that skips the checks still has no office to speak for."""
        with pytest.raises(tk.NotAuthorized):
            call(CONFIRM, id=stated["id"], field="integration_status")

    def test_a_hidden_record_is_not_there(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """The office learns nothing of what it may not read."""
        id_ = dataset(audience="producer", **CLAIM)["id"]
        for action in (CONFIRM, LIST, SHOW):
            with pytest.raises(tk.ObjectNotFound):
                act(action, statistician, id=id_, field="integration_status")

    def test_an_editor_makes_no_office(self, editor: dict[str, Any], organization: dict[str, Any]) -> None:
        """Who could call her own organisation a statistical office could confirm herself."""
        call("member_create", id=organization["id"], object=editor["id"], object_type="user", capacity="admin")
        with pytest.raises(tk.NotAuthorized, match="statistical office"):
            act("organization_patch", editor, id=organization["id"], producer_kind="nso")
        with pytest.raises(tk.NotAuthorized):
            act("organization_create", editor, name="an-office", producer_kind="nso")
        act("organization_patch", editor, id=organization["id"], producer_kind="opd")

        assert call("organization_show", id=organization["id"])["producer_kind"] == "opd"

    @pytest.mark.parametrize("kind", [" nso ", "\tnso", "nso\r\n", "\u00a0nso", ["nso"], ["nso "], '["nso"]', "NSO"])
    @pytest.mark.parametrize("action", ["organization_update", "organization_patch", "group_update"])
    def test_no_odd_spelling_makes_an_office(
        self, editor: dict[str, Any], organization: dict[str, Any], action: str, kind: Any
    ) -> None:
        """The validator takes blanks away, and a list of one for the one."""
        id_, name = organization["id"], organization["name"]
        call("member_create", id=id_, object=editor["id"], object_type="user", capacity="admin")
        for fields in ({"producer_kind": kind}, {"extras": [{"key": "producer_kind", "value": kind}]}):
            with pytest.raises(tk.NotAuthorized, match="statistical office"):
                act(action, editor, id=id_, name=name, type="organization", **fields)

        assert call("organization_show", id=id_).get("producer_kind") != "nso"

    @pytest.mark.ckan_config("ckan.auth.user_create_organizations", True)
    @pytest.mark.ckan_config("ckan.auth.user_create_groups", True)
    @pytest.mark.parametrize("kind", [" nso ", ["nso "], "\tnso", "nso"])
    @pytest.mark.parametrize("action", ["organization_create", "group_create"])
    def test_nobody_founds_an_office(self, editor: dict[str, Any], action: str, kind: Any) -> None:
        """Nor where everybody may make an organisation."""
        with pytest.raises(tk.NotAuthorized, match="statistical office"):
            act(action, editor, name="an-office", producer_kind=kind)
        assert act(action, editor, name="a-group")

    def test_an_office_stays_one_when_its_people_edit_it(self, statistician: dict[str, Any]) -> None:
        """They may change the rest of their profile."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        call("member_create", id=own["id"], object=statistician["id"], object_type="user", capacity="admin")
        act("organization_patch", statistician, id=own["id"], title="National Bureau")
        act("organization_patch", statistician, id=own["id"], country=["UGA", "KEN"])

        assert call("organization_show", id=own["id"])["producer_kind"] == "nso"

    @pytest.mark.parametrize("action", ["organization_update", "group_update"])
    @pytest.mark.parametrize("by_the_site", [False, True])
    def test_an_office_keeps_what_an_edit_leaves_out(
        self, stated: dict[str, Any], statistician: dict[str, Any], action: str, by_the_site: bool
    ) -> None:
        """A full update empties other fields, but takes from nobody the power to answer."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        call("member_create", id=own["id"], object=statistician["id"], object_type="user", capacity="admin")
        user = factories.Sysadmin() if by_the_site else statistician
        act(action, user, id=own["id"], name=own["name"], title="National Bureau")
        kept = call("organization_show", id=own["id"])

        assert (kept["title"], kept["producer_kind"], kept["country"]) == ("National Bureau", "nso", ["KEN", "UGA"])
        assert act(CONFIRM, statistician, id=stated["id"], field="integration_status")["decision"] == "confirmed"

    def test_the_site_takes_an_office_its_countries(self, statistician: dict[str, Any]) -> None:
        """An administrator who gives an empty list means it."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        act("organization_update", factories.Sysadmin(), id=own["id"], name=own["name"], country=[])
        left = call("organization_show", id=own["id"])

        assert (left["producer_kind"], left.get("country") or []) == ("nso", [])

    def test_other_organisations_lose_what_a_full_update_leaves_out(self, organization: dict[str, Any]) -> None:
        """As everywhere in CKAN."""
        call("organization_patch", id=organization["id"], producer_kind="opd", country=["KEN"])
        call("organization_update", id=organization["id"], name=organization["name"])
        left = call("organization_show", id=organization["id"])

        assert (left.get("producer_kind"), left.get("country")) == (None, None)

    @pytest.mark.parametrize("country", [["KEN", "UGA", "GHA"], ["GHA"], " GHA ", '["GHA"]', [], None])
    def test_only_the_site_gives_an_office_its_countries(self, statistician: dict[str, Any], country: Any) -> None:
        """Else it could answer for the office of another country."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        call("member_create", id=own["id"], object=statistician["id"], object_type="user", capacity="admin")
        for fields in ({"country": country}, {"extras": [{"key": "country", "value": country}]}):
            with pytest.raises(tk.NotAuthorized, match="countries"):
                act("organization_patch", statistician, id=own["id"], **fields)
        with pytest.raises(tk.NotAuthorized, match="countries"):
            act("organization_update", statistician, id=own["id"], name=own["name"], country=country)
        act("organization_patch", factories.Sysadmin(), id=own["id"], country=["GHA"])

        assert call("organization_show", id=own["id"])["country"] == ["GHA"]


class TestWhatCanBeAnswered:
    @pytest.mark.parametrize(
        ("action", "fields"),
        [
            (DENY, {"field": "integration_status"}),
            (DENY, {"field": "integration_status", "reason": "  "}),
            (CONFIRM, {}),
            (CONFIRM, {"field": "sensitivity"}),
            (CONFIRM, {"field": "quality_status"}),
            (CONFIRM, {"field": "integration_status", "value": "formerly_used"}),
            (CONFIRM, {"field": "integration_status", "reason": "x" * 2001}),
            (CONFIRM, {"field": "integration_status", "reason": "So\x00."}),
            (DENY, {"field": "integration_status", "reason": "No\ud800."}),
        ],
    )
    def test_is_what_the_record_says(
        self, stated: dict[str, Any], statistician: dict[str, Any], action: str, fields: dict[str, Any]
    ) -> None:
        """A denial says why; what isn't said, or no more, can't be answered."""
        with pytest.raises(tk.ValidationError):
            act(action, statistician, id=stated["id"], **fields)
        assert act(LIST, None, id=stated["id"]) == []

    @pytest.mark.parametrize("action", [CONFIRM, DENY])
    @pytest.mark.parametrize(
        "later",
        [
            {"integration_status": "formerly_used"},
            {"integration_status": "none"},
            {"integration_detail": [{"product": "National SDG report 2023"}]},
            {"country": ["KEN", "UGA"]},
        ],
    )
    def test_is_what_the_office_saw(
        self, stated: dict[str, Any], statistician: dict[str, Any], action: str, later: dict[str, Any]
    ) -> None:
        """An answer to a statement that the producer changed meanwhile isn't kept, whatever part of it changed."""
        (seen,) = act(SHOW, None, id=stated["id"])
        call("package_patch", id=stated["id"], **later)
        asked = {"field": seen["field"], "digest": seen["digest"], "reason": "As in our books."}
        for value in ({"value": "integrated"}, {}):
            with pytest.raises(tk.ValidationError, match="changed since you looked at it"):
                act(action, statistician, id=stated["id"], **asked, **value)

        assert act(LIST, None, id=stated["id"]) == []

    @pytest.mark.parametrize("digest", ["", "0", 0, [], {}])
    def test_is_not_what_a_made_up_digest_stands_for(
        self, stated: dict[str, Any], statistician: dict[str, Any], digest: Any
    ) -> None:
        """Only who sends none at all answers whatever the record says."""
        with pytest.raises(tk.ValidationError, match="changed since you looked at it"):
            act(CONFIRM, statistician, id=stated["id"], field="integration_status", digest=digest)

    def test_is_shown_with_how_it_stands(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """To whoever sees the record; the digest outlives edits of anything else."""
        id_ = dataset(quality_certificate=["https://example.org/c"], **CLAIM)["id"]
        relation, certificate = before = act(SHOW, None, id=id_)
        act(CONFIRM, statistician, id=id_, **{name: certificate[name] for name in ("field", "value", "digest")})
        call("package_patch", id=id_, title_translated={"en": "Water points, again"})

        assert [(each["field"], each["value"], each["status"]) for each in before] == [
            ("integration_status", "integrated", "stated_by_producer"),
            ("quality_status", "certified", "stated_by_producer"),
        ]
        assert act(SHOW, None, id=id_) == [relation, {**certificate, "status": "confirmed"}]

    def test_names_the_character_that_a_reason_may_not_hold(
        self, stated: dict[str, Any], statistician: dict[str, Any]
    ) -> None:
        """One that no database and no file keeps."""
        with pytest.raises(tk.ValidationError) as refused:
            act(DENY, statistician, id=stated["id"], field="integration_status", reason="No\x00.")
        assert "U+0000" in refused.value.error_dict["reason"][0]

    def test_is_no_harvested_record(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """Its office answers in its own catalogue, and the page shows what that says."""
        iri = "https://source.example/dataset/1"
        url = "https://source.example/catalog.ttl"
        members.write({"id": "source", "title": "Source", "url": url, "audience": "everyone", "interval_minutes": 60})
        incoming = Incoming(iri, f'<{iri}> <http://purl.org/dc/terms/title> "Source" .\n', "f1", "1")
        with publishing("source", incoming):
            id_ = dataset(context={"citizendata_projection": True}, official_statement="confirmed", **CLAIM)["id"]

        with pytest.raises(tk.NotAuthorized, match="This record comes from Source"):
            act(CONFIRM, statistician, id=id_, field="integration_status")
        assert standing(id_)[0] == "confirmed"
        assert act(SHOW, None, id=id_) == []
