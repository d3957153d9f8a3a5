"""Who sees which record in API, pages and search, and which of its fields; the table of readers was written first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.lib.search import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action as call
from ckan.tests.helpers import call_auth

from ckanext.citizendata.logic.labels import refuse_other_labels
from ckanext.citizendata.model import change, dirty, record
from ckanext.citizendata.model.record import Record

CLOSED = ("sensitivity", "personal_data", "audience", "consent_type", "withdrawal_possible")
# Each answer has a token of its own, in its head and in its forms.
TOKEN = re.compile(r'<[^>]*_csrf_token"[^>]*>')
CANARY = "canarywaterwell"
WHO = ("nobody", "stranger", "reader", "editor", "admin")
OWN = {"reader", "editor", "admin"}
# Who sees a live record of each audience.
SEEN_BY = {
    "producer": OWN,
    "partners": OWN,
    "national": OWN | {"stranger"},
    "collaborative": OWN,
    "everyone_short": OWN,
    "everyone": set(WHO),
}

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def people(editor: dict[str, Any], reader: dict[str, Any], stranger: dict[str, Any]) -> dict[str, str]:
    """The user name of each reader of the table."""
    names = {"nobody": "", "stranger": stranger["name"], "reader": reader["name"], "editor": editor["name"]}
    return {**names, "admin": factories.Sysadmin()["name"]}


def _context(user: str) -> dict[str, Any]:
    return {
        "user": user,
        "auth_user_obj": model.User.get(user) if user else model.AnonymousUser(),
        "ignore_auth": False,
    }


def _show(user: str, id_: str, **options: Any) -> dict[str, Any]:
    return tk.get_action("package_show")(_context(user), {"id": id_, **options})


def _sees(user: str, id_: str) -> bool:
    try:
        return bool(_show(user, id_))
    except tk.ObjectNotFound:
        return False


def _finds(user: str, word: str) -> bool:
    query = {"q": word, "include_private": True, "include_drafts": True, "include_deleted": True}
    return bool(tk.get_action("package_search")(_context(user), query)["count"])


class TestReaders:
    @pytest.mark.parametrize("audience", SEEN_BY)
    def test_audience(self, audience: str, dataset: Make, people: dict[str, str]) -> None:
        """Page, API and search show a record to the readers of its audience, and to nobody else."""
        package = dataset(audience=audience, notes_translated={"en": CANARY})

        assert {who for who, user in people.items() if _sees(user, package["id"])} == SEEN_BY[audience]
        assert {who for who, user in people.items() if _finds(user, CANARY)} == SEEN_BY[audience]

    @pytest.mark.parametrize(
        "fields", [{"state": "draft"}, {"sensitivity": "unknown"}, {"personal_data": "unknown"}], ids=str
    )
    def test_what_is_not_ready_is_for_own_people(
        self, fields: dict[str, Any], dataset: Make, people: dict[str, str]
    ) -> None:
        """Drafts and records with an open safety question, though meant for everyone."""
        package = dataset(notes_translated={"en": CANARY}, **fields)

        assert {who for who, user in people.items() if _sees(user, package["id"])} == OWN
        assert {who for who, user in people.items() if _finds(user, CANARY)} == OWN

    def test_withdrawn(self, dataset: Make, people: dict[str, str]) -> None:
        """A withdrawn record stays with its own people."""
        package = dataset(notes_translated={"en": CANARY})
        call("citizendata_record_withdraw", id=package["id"])

        assert {who for who, user in people.items() if _sees(user, package["id"])} == OWN
        assert {who for who, user in people.items() if _finds(user, CANARY)} == OWN

    @pytest.mark.parametrize("values", [{"audience": None}, {"audience": "everybody"}, {"state": "strange"}], ids=str)
    def test_what_the_row_does_not_say_clearly_is_hidden(self, values: dict[str, Any], dataset: Make) -> None:
        """A missing or unknown audience or state hides."""
        package = dataset()
        model.Session.execute(sa.update(Record).values(**values))

        assert not _sees("", package["id"])

    def test_no_row_is_hidden(self, dataset: Make, people: dict[str, str]) -> None:
        """A package of our type without a record is for own people."""
        package = dataset()
        model.Session.execute(sa.delete(Record))

        assert {who for who, user in people.items() if _sees(user, package["id"])} == OWN

    def test_labels_come_from_rows(self, dataset: Make) -> None:
        """A row that was changed past the session's objects counts at once."""
        package = dataset()
        in_session = model.Package.get(package["id"])
        model.Session.execute(sa.update(model.package_table).values(private=True))

        assert in_session.private is False
        assert not _sees("", package["id"])

    def test_another_type_is_left_alone(self, site: None) -> None:  # noqa: ARG002
        """A package of another type has no record and CKAN's own labels."""
        owner = factories.Organization()
        package = model.Package(name="other", type="other", owner_org=owner["id"], state="active")
        model.Session.add(package)
        model.Session.commit()

        assert record.by_package(package.id) is None
        assert not dirty.waiting([package.id])
        assert call_auth("package_show", {"user": "", "model": model, "auth_user_obj": None}, id="other")


class TestHiddenAnswersLikeAbsent:
    """Whoever may not see a record can't learn that it exists."""

    @pytest.mark.parametrize("who", ["nobody", "stranger"])
    @pytest.mark.parametrize(
        "action",
        ["package_show", "package_update", "package_patch", "package_delete", "dataset_purge"]
        + [f"citizendata_record_{verb}" for verb in ("show", "withdraw", "restore")],
    )
    def test_actions(self, action: str, who: str, dataset: Make, people: dict[str, str]) -> None:
        """The error is the one for a name that was never used."""
        package = dataset(audience="producer")
        answers = []
        for name in (package["name"], "never-used"):
            with pytest.raises(tk.ObjectNotFound) as error:
                tk.get_action(action)(_context(people[who]), {"id": name})
            answers.append(type(error.value))

        assert answers[0] == answers[1]

    def test_resources(self, dataset: Make) -> None:
        """A file of a hidden record is as absent as the record."""
        package = dataset(audience="producer", resources=[{"url": "https://example.org/a.csv"}])
        for action in ("resource_show", "resource_view_list", "resource_patch", "resource_delete"):
            with pytest.raises(tk.ObjectNotFound):
                tk.get_action(action)(_context(""), {"id": package["resources"][0]["id"]})

    def test_answers_over_http(self, app: Any, dataset: Make) -> None:
        """The same status and the same body, on pages and in the API."""
        hidden = dataset(name="hidden", audience="producer")["name"]
        for path in ("/dataset/{}", "/api/3/action/package_show?id={}", "/dataset/edit/{}", "/dataset/groups/{}"):
            answers = [app.get(path.format(name)) for name in (hidden, "absent")]
            bodies = [TOKEN.sub("", answer.body).replace(hidden, "absent") for answer in answers]
            assert answers[0].status_code == answers[1].status_code, path
            assert bodies[0] == bodies[1], path
        assert app.get("/dataset/hidden").status_code == 404


class TestClosedFields:
    FIELDS = {"sensitivity": "moderate", "personal_data": "pseudonymised"}

    @pytest.mark.parametrize("options", [{}, {"use_default_schema": True}], ids=str)
    def test_only_for_those_who_may_edit(self, options: dict[str, Any], dataset: Make, people: dict[str, str]) -> None:
        """A role that may read the record doesn't bring its closed fields."""
        id_ = dataset(**self.FIELDS)["id"]
        shown = {who: _show(user, id_, **options) for who, user in people.items()}
        names = {who: {*dict_, *(extra["key"] for extra in dict_.get("extras", ()))} for who, dict_ in shown.items()}

        assert {who for who, found in names.items() if found & set(CLOSED)} == {"editor", "admin"}
        assert all({"sensitivity", "audience"} <= names[who] for who in ("editor", "admin"))

    def test_not_in_the_index(self, dataset: Make) -> None:
        """Neither as fields nor inside the copies that search returns."""
        id_ = dataset(**self.FIELDS)["id"]
        document = next(iter(make_connection().search(f"id:{id_}", fl="*,data_dict,validated_data_dict")))
        hits = [make_connection().search(f"id:{id_}", fq=f"{name}:[* TO *]").hits for name in CLOSED]

        assert "pseudonymised" not in str(document)
        assert not any(name in str(document) for name in CLOSED)
        assert hits == [0] * len(CLOSED)

    def test_undeclared_extras_are_not_in_the_index(self, dataset: Make) -> None:
        """A raw term of an extra of any length never reaches the index, so it can't break it."""
        id_ = dataset(limitations={"en": "long " * 3900})["id"]

        assert make_connection().search(f"id:{id_}").hits == 1
        assert make_connection().search(f"id:{id_}", fq="limitations:[* TO *]").hits == 0

    def test_edits_keep_them(self, dataset: Make, editor: dict[str, Any]) -> None:
        """An editor's patch, and an update with what she was shown, lose no closed field."""
        id_ = dataset(**self.FIELDS)["id"]
        tk.get_action("package_patch")(_context(editor["name"]), {"id": id_, "title_translated": {"en": "New"}})
        shown = _show(editor["name"], id_)
        tk.get_action("package_update")(_context(editor["name"]), {**shown, "notes_translated": {"en": "New"}})
        tk.get_action("resource_create")(_context(editor["name"]), {"package_id": id_, "url": "https://example.org/a"})

        assert {name: _show(editor["name"], id_)[name] for name in self.FIELDS} == self.FIELDS
        assert [step.operation for step in change.of_package(id_)] == ["create", "update", "update", "update"]


class TestSearch:
    def test_finds_texts_of_every_language(self, dataset: Make) -> None:
        """Words of open fields, in every language that they are written in."""
        dataset(title_translated={"en": "Wells", "fr": "Forages profonds", "ar": "آبار المياه"})

        assert all(_finds("", word) for word in ("wells", "forages", "المياه"))

    def test_results_carry_the_permanent_address(self, dataset: Make) -> None:
        """`uri` is in the answers of package_show and package_search."""
        package = dataset()
        found = tk.get_action("package_search")(_context(""), {})["results"][0]

        assert found["uri"] == _show("", package["id"])["uri"] == package["uri"]
        assert package["uri"].endswith(f"/dataset/{package['id']}")


class OtherLabels(p.SingletonPlugin, DefaultPermissionLabels):
    p.implements(p.IPermissionLabels)

    def __init__(self) -> None:
        super().__init__(name="other_labels")


@pytest.mark.usefixtures("with_plugins")
class TestStart:
    def test_ours_first(self) -> None:
        """Nothing is wrong where no other plugin's labels come first."""
        refuse_other_labels()

    def test_another_first(self, provide_plugin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """A site on which another plugin's labels win doesn't start, and says what to do."""
        provide_plugin("other_labels", OtherLabels)
        plugins = ["other_labels", *tk.config["ckan.plugins"]]
        monkeypatch.setitem(tk.config, "ckan.plugins", plugins)
        p.unload_all()

        with pytest.raises(CkanConfigurationException, match="put citizendata before other_labels in ckan.plugins"):
            p.load(*plugins)
