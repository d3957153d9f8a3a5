"""What a record says in the name of a statistical office, and who may answer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic.publishing import Incoming, publishing
from ckanext.citizendata.model import change, record
from ckanext.citizendata.model import member as members

Make = Callable[..., dict[str, Any]]

CONFIRM, DENY, LIST = (f"citizendata_statement_{verb}" for verb in ("confirm", "deny", "list"))
STATEMENT_OF = "<https://w3id.org/citizen-data/ns#officialStatementStatus>"
CONFIRMED = "<https://w3id.org/citizen-data/vocabulary/statement-status/confirmed>"
CLAIM = {"integration_status": "integrated"}


def _context(user: dict[str, Any] | None) -> dict[str, Any]:
    name = user["name"] if user else ""
    return {"user": name, "auth_user_obj": model.User.get(name) or model.AnonymousUser(), "ignore_auth": False}


def _act(action: str, user: dict[str, Any] | None, **fields: Any) -> Any:
    return tk.get_action(action)(_context(user), fields)


def _shown(id_: str) -> tuple[str, str]:
    package = _act("package_show", None, id=id_)
    return package["official_statement"], package["quality_status"]


def _office(*countries: str, capacity: str = "editor", kind: str = "nso") -> dict[str, Any]:
    """A user with that role in an organisation of that kind and these countries."""
    user = factories.User()
    profile = {"country": list(countries)} if countries else {}
    factories.Organization(
        title="Bureau of Statistics",
        producer_kind=kind,
        users=[{"name": user["name"], "capacity": capacity}],
        **profile,
    )
    return user


@pytest.fixture
def stated(dataset: Make) -> dict[str, Any]:
    """A public record of Kenya that says of itself that official statistics use it."""
    return dataset(**CLAIM)


@pytest.fixture
def statistician(site: None) -> dict[str, Any]:  # noqa: ARG001
    """An editor of the statistical office of Kenya."""
    return _office("KEN", "UGA")


class TestStatement:
    def test_is_the_producers_until_the_office_speaks(self, stated: dict[str, Any]) -> None:
        """Whatever a caller says of it."""
        call("package_patch", id=stated["id"], official_statement="confirmed", quality_status="certified")

        assert _shown(stated["id"]) == ("stated_by_producer", "not_assessed")

    def test_of_a_record_that_says_nothing_there_is_none(self, dataset: Make) -> None:
        """Most records don't speak for an office."""
        assert "official_statement" not in _act("package_show", None, id=dataset()["id"])

    def test_follows_the_office(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """In the package, in its RDF and in the list of changes, at once."""
        answer = _act(CONFIRM, statistician, id=stated["id"], field="integration_status")

        assert (answer["field"], answer["value"], answer["decision"]) == (
            "integration_status",
            "integrated",
            "confirmed",
        )
        assert _shown(stated["id"]) == ("confirmed", "nso_validated")
        assert f"{STATEMENT_OF} {CONFIRMED}" in record.by_package(stated["id"]).fragment
        assert [step.operation for step in change.of_package(stated["id"])] == ["create", "update"]

    def test_is_found_by_what_the_office_said(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """The search knows the quality that follows."""
        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        found = call("package_search", fq="vocab_quality_status:nso_validated")

        assert [package["id"] for package in found["results"]] == [stated["id"]]

    def test_the_last_word_counts(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """An office may change its mind; what it said before stays in the list."""
        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        _act(DENY, statistician, id=stated["id"], field="integration_status", reason="Never seen.")

        assert _shown(stated["id"]) == ("denied", "not_assessed")
        assert [(step["decision"], step["reason"]) for step in _act(LIST, None, id=stated["id"])] == [
            ("confirmed", None),
            ("denied", "Never seen."),
        ]

    def test_a_changed_value_is_stated_again(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """The office answered about another value; when it returns, so does the answer."""
        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        call("package_patch", id=stated["id"], integration_status="formerly_used")
        assert _shown(stated["id"])[0] == "stated_by_producer"

        call("package_patch", id=stated["id"], **CLAIM)
        assert _shown(stated["id"])[0] == "confirmed"

    def test_changed_content_is_stated_again(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """Nobody hangs new words onto what the office confirmed."""
        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        detail = [{"product": "National SDG report 2023"}]
        call("package_patch", id=stated["id"], integration_detail=detail)
        assert _shown(stated["id"]) == ("stated_by_producer", "not_assessed")
        assert CONFIRMED not in record.by_package(stated["id"]).fragment

        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        assert _shown(stated["id"])[0] == "confirmed"

    def test_outlives_other_edits(self, stated: dict[str, Any], statistician: dict[str, Any]) -> None:
        """A new title doesn't take the confirmation away."""
        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        call("package_patch", id=stated["id"], title_translated={"en": "Water points, again"})

        assert _shown(stated["id"])[0] == "confirmed"
        assert CONFIRMED in record.by_package(stated["id"]).fragment

    def test_a_denied_certificate_does_not_count(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """The quality falls to what else is said."""
        id_ = dataset(quality_certificate=["https://example.org/c"], community_validation="yes")["id"]
        assert _shown(id_) == ("stated_by_producer", "certified")

        _act(DENY, statistician, id=id_, field="quality_status", value="certified", reason="Not ours.")
        assert _shown(id_) == ("denied", "community_validated")


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
        user = _office(*countries, capacity=capacity, kind=kind)
        if may:
            assert _act(CONFIRM, user, id=stated["id"], field="integration_status")["decision"] == "confirmed"
        else:
            with pytest.raises(tk.NotAuthorized):
                _act(CONFIRM, user, id=stated["id"], field="integration_status")
            assert _shown(stated["id"])[0] == "stated_by_producer"

    def test_nobody_else(self, stated: dict[str, Any], editor: dict[str, Any]) -> None:
        """Neither who wrote the record nor a visitor, nor who runs the site: that isn't the office."""
        for user in (editor, factories.Sysadmin(), None):
            with pytest.raises(tk.NotAuthorized):
                _act(DENY, user, id=stated["id"], field="integration_status", reason="No.")

    def test_without_a_check_of_access_nobody_speaks(self, stated: dict[str, Any]) -> None:
        """A program that skips the checks still has no office to speak for."""
        with pytest.raises(tk.NotAuthorized):
            call(CONFIRM, id=stated["id"], field="integration_status")

    def test_a_hidden_record_is_not_there(self, dataset: Make, statistician: dict[str, Any]) -> None:
        """The office learns nothing of what it may not read."""
        id_ = dataset(audience="producer", **CLAIM)["id"]
        for action in (CONFIRM, LIST):
            with pytest.raises(tk.ObjectNotFound):
                _act(action, statistician, id=id_, field="integration_status")

    def test_an_editor_makes_no_office(self, editor: dict[str, Any], organization: dict[str, Any]) -> None:
        """Who could call her own organisation a statistical office could confirm herself."""
        call("member_create", id=organization["id"], object=editor["id"], object_type="user", capacity="admin")
        with pytest.raises(tk.NotAuthorized, match="statistical office"):
            _act("organization_patch", editor, id=organization["id"], producer_kind="nso")
        with pytest.raises(tk.NotAuthorized):
            _act("organization_create", editor, name="an-office", producer_kind="nso")
        _act("organization_patch", editor, id=organization["id"], producer_kind="opd")

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
                _act(action, editor, id=id_, name=name, type="organization", **fields)

        assert call("organization_show", id=id_).get("producer_kind") != "nso"

    @pytest.mark.ckan_config("ckan.auth.user_create_organizations", True)
    @pytest.mark.ckan_config("ckan.auth.user_create_groups", True)
    @pytest.mark.parametrize("kind", [" nso ", ["nso "], "\tnso", "nso"])
    @pytest.mark.parametrize("action", ["organization_create", "group_create"])
    def test_nobody_founds_an_office(self, editor: dict[str, Any], action: str, kind: Any) -> None:
        """Nor where everybody may make an organisation."""
        with pytest.raises(tk.NotAuthorized, match="statistical office"):
            _act(action, editor, name="an-office", producer_kind=kind)
        assert _act(action, editor, name="a-group")

    def test_an_office_stays_one_when_its_people_edit_it(self, statistician: dict[str, Any]) -> None:
        """They may change the rest of their profile."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        call("member_create", id=own["id"], object=statistician["id"], object_type="user", capacity="admin")
        _act("organization_patch", statistician, id=own["id"], title="National Bureau")
        _act("organization_patch", statistician, id=own["id"], country=["UGA", "KEN"])

        assert call("organization_show", id=own["id"])["producer_kind"] == "nso"

    @pytest.mark.parametrize("country", [["KEN", "UGA", "GHA"], ["GHA"], " GHA ", '["GHA"]', [], None])
    def test_only_the_site_gives_an_office_its_countries(self, statistician: dict[str, Any], country: Any) -> None:
        """Else it could answer for the office of another country."""
        own = call("organization_list_for_user", id=statistician["id"])[0]
        call("member_create", id=own["id"], object=statistician["id"], object_type="user", capacity="admin")
        for fields in ({"country": country}, {"extras": [{"key": "country", "value": country}]}):
            with pytest.raises(tk.NotAuthorized, match="countries"):
                _act("organization_patch", statistician, id=own["id"], **fields)
        with pytest.raises(tk.NotAuthorized, match="countries"):
            _act("organization_update", statistician, id=own["id"], name=own["name"], country=country)
        _act("organization_patch", factories.Sysadmin(), id=own["id"], country=["GHA"])

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
            _act(action, statistician, id=stated["id"], **fields)
        assert _act(LIST, None, id=stated["id"]) == []

    def test_names_the_character_that_a_reason_may_not_hold(
        self, stated: dict[str, Any], statistician: dict[str, Any]
    ) -> None:
        """One that no database and no file keeps."""
        with pytest.raises(tk.ValidationError) as refused:
            _act(DENY, statistician, id=stated["id"], field="integration_status", reason="No\x00.")
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
            _act(CONFIRM, statistician, id=id_, field="integration_status")
        assert _shown(id_)[0] == "confirmed"


class TestPage:
    @pytest.fixture
    def browse(self, app: Any) -> Callable[..., Any]:
        """Asks for an address as a user, with a form if one is given."""

        def ask(user: dict[str, Any] | None, address: str, **form: str) -> Any:
            headers = {"Authorization": factories.APIToken(user=user["name"])["token"]} if user else {}
            if form:
                return app.post(address, headers=headers, data=form, follow_redirects=False)
            return app.get(address, headers=headers)

        return ask

    def test_tells_how_a_statement_stands(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """In a sentence on the page of the record, in the reader's words."""
        address = f"/dataset/{stated['name']}"
        assert "Stated by the producer, not confirmed by the statistical office." in browse(None, address).body

        _act(CONFIRM, statistician, id=stated["id"], field="integration_status")
        assert "Confirmed by Bureau of Statistics on " in browse(None, address).body

        _act(DENY, statistician, id=stated["id"], field="integration_status", reason="Never <seen>.")
        assert "Denied by Bureau of Statistics: Never &lt;seen&gt;." in browse(None, address).body

    def test_only_the_office_gets_the_form(
        self, stated: dict[str, Any], statistician: dict[str, Any], editor: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """The link stands on the page of the record for those who may answer."""
        form = f"/dataset/statement/{stated['name']}"
        assert form in browse(statistician, f"/dataset/{stated['name']}").body
        assert form not in browse(editor, f"/dataset/{stated['name']}").body

        page = BeautifulSoup(browse(statistician, form).body, "html.parser")
        assert page.select_one('form input[name="value"]')["value"] == "integrated"  # type: ignore[index]
        assert browse(editor, form).status_code == 403
        assert browse(statistician, "/dataset/statement/nothing").status_code == 404

    def test_keeps_an_answer(
        self, stated: dict[str, Any], statistician: dict[str, Any], browse: Callable[..., Any]
    ) -> None:
        """Back on the record, which says it; what is missing is told beside what was typed."""
        form = f"/dataset/statement/{stated['name']}"
        answer = {"field": "integration_status", "value": "integrated"}

        assert browse(statistician, form, **answer).status_code == 422
        refused = browse(statistician, form, answer="deny", reason="", **answer)
        assert (refused.status_code, "Say why" in refused.body) == (422, True)
        assert browse(statistician, form, answer="deny", reason="Not in our books.", **answer).status_code == 302
        assert _shown(stated["id"])[0] == "denied"
