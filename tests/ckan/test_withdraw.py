"""Withdrawing and restoring a record, of this site and of a member; and that nobody edits what a member owns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.core.record import CLOSED, WITHDRAWN
from ckanext.citizendata.feeds.entry import Grave
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.logic.records import hide
from ckanext.citizendata.model import change, ledger, member, place, record

IRI = "https://source.example/dataset/1"
FRAGMENT = f'<{IRI}> <http://purl.org/dc/terms/title> "Source" .\n'
REFUSAL = "This record comes from Source Catalogue; change it there."

Make = Callable[..., dict[str, Any]]


def _context(user: dict[str, Any] | None) -> dict[str, Any]:
    name = user["name"] if user else ""
    return {"user": name, "auth_user_obj": model.User.get(name) or model.AnonymousUser(), "ignore_auth": False}


def _act(action: str, user: dict[str, Any] | None, **fields: Any) -> Any:
    return tk.get_action(action)(_context(user), fields)


def _sees(user: dict[str, Any] | None, id_: str) -> bool:
    try:
        return bool(_act("package_show", user, id=id_))
    except tk.ObjectNotFound:
        return False


def _operations(id_: str) -> list[str]:
    return [step.operation for step in change.of_package(id_)]


@pytest.fixture
def incoming() -> Incoming:
    """What the member's feed says of its record."""
    return Incoming(IRI, FRAGMENT, "f1", "1")


@pytest.fixture
def harvested(dataset: Make, incoming: Incoming) -> dict[str, Any]:
    """A published record of a member."""
    member.write(
        {
            "id": "source",
            "title": "Source Catalogue",
            "url": "https://source.example/catalog.ttl",
            "audience": "everyone",
            "interval_minutes": 60,
        }
    )
    ledger.write({"member_id": "source", "iri": IRI, "state": "published", "fingerprint": "f1"})
    with publishing("source", incoming):
        return dataset(resources=[{"url": "https://example.org/a.csv"}])


class TestWithdraw:
    def test_by_an_editor(self, dataset: Make, editor: dict[str, Any]) -> None:
        """An editor of the owner hides it at once; she still sees it, and its state."""
        id_ = dataset()["id"]
        answer = _act("citizendata_record_withdraw", editor, id=id_)

        assert answer["state"] == "withdrawn"
        assert not _sees(None, id_)
        assert _act("package_show", editor, id=id_)["record_status"] == "withdrawn"

    def test_refused_to_others(self, dataset: Make, reader: dict[str, Any], stranger: dict[str, Any]) -> None:
        """A role that only reads may not, nor a stranger, nor nobody."""
        id_ = dataset()["id"]
        for user in (reader, stranger, None):
            with pytest.raises(tk.NotAuthorized):
                _act("citizendata_record_withdraw", user, id=id_)
        assert _sees(None, id_)

    def test_a_draft_has_nothing_to_withdraw(self, dataset: Make, editor: dict[str, Any]) -> None:
        """Nobody else knows of it."""
        with pytest.raises(tk.ValidationError):
            _act("citizendata_record_withdraw", editor, id=dataset(state="draft")["id"])

    def test_twice_is_once(self, dataset: Make) -> None:
        """The second time tells nothing new."""
        id_ = dataset()["id"]
        call("citizendata_record_withdraw", id=id_)
        call("citizendata_record_withdraw", id=id_)

        assert _operations(id_) == ["create", "withdraw"]

    def test_leaves_a_tombstone(self, dataset: Make) -> None:
        """What the feeds show in its place says only that it was withdrawn."""
        id_ = dataset()["id"]
        call("citizendata_record_withdraw", id=id_)

        (entry,) = map(entry_from_row, place.page(0, 10).rows)
        assert isinstance(entry, Grave)
        assert (entry.iri, entry.kind) == (record.by_package(id_).iri, "withdrawn")


class TestRestore:
    def test_to_the_same_readers(self, dataset: Make, editor: dict[str, Any]) -> None:
        """A record for national users comes back to them, not to everyone."""
        id_ = dataset(audience="national")["id"]
        call("citizendata_record_withdraw", id=id_)
        _act("citizendata_record_restore", editor, id=id_)

        assert not _sees(None, id_)
        assert _sees(factories.User(), id_)

    def test_only_what_is_withdrawn(self, dataset: Make) -> None:
        """Anything else says so."""
        with pytest.raises(tk.ValidationError, match="isn't withdrawn"):
            call("citizendata_record_restore", id=dataset()["id"])

    def test_of_a_deleted_dataset_stays_deleted(self, dataset: Make) -> None:
        """The withdrawal ends; that the dataset was deleted doesn't."""
        id_ = dataset()["id"]
        call("citizendata_record_withdraw", id=id_)
        call("package_delete", id=id_)
        call("citizendata_record_restore", id=id_)

        assert record.by_package(id_).state == "deleted"
        assert not _sees(None, id_)


class TestShow:
    def test_for_own_people(self, dataset: Make, reader: dict[str, Any]) -> None:
        """State, audience as it counts and what happened."""
        package = dataset(sensitivity="unknown")
        shown = _act("citizendata_record_show", reader, id=package["name"])

        assert shown["uri"] == package["uri"]
        assert (shown["state"], shown["audience"], shown["authority"]) == ("live", "everyone_short", "local")
        assert [step["operation"] for step in shown["operations"]] == ["create"]

    def test_not_for_others(self, dataset: Make, stranger: dict[str, Any]) -> None:
        """What a reader may see, she may not look behind."""
        id_ = dataset()["id"]
        for user in (stranger, None):
            with pytest.raises(tk.NotAuthorized):
                _act("citizendata_record_show", user, id=id_)


class TestCommands:
    def test_withdraw_and_restore(self, dataset: Make, cli: Any) -> None:
        """By name; both say what they did."""
        package = dataset(name="water")
        gone = cli.invoke(ckan, ["citizendata", "withdraw", "water"])
        seen = _sees(None, package["id"])
        back = cli.invoke(ckan, ["citizendata", "restore", "water"])

        assert (gone.exit_code, back.exit_code) == (0, 0), gone.output + back.output
        assert package["uri"] in gone.output
        assert "Catalogues that harvested it remove it at their next harvest." in gone.output
        assert not seen
        assert _sees(None, package["id"])

    def test_withdraw_says_where_a_harvested_record_stays(self, harvested: dict[str, Any], cli: Any) -> None:
        """Hidden here, it still stands in its own catalogue."""
        result = cli.invoke(ckan, ["citizendata", "withdraw", harvested["name"]])

        assert "Its own catalogue, source, still shows it" in result.output
        assert "next harvest" not in result.output

    def test_an_unknown_name(self, site: None, cli: Any) -> None:  # noqa: ARG002
        """One sentence and an exit code."""
        result = cli.invoke(ckan, ["citizendata", "withdraw", "nothing"])

        assert result.exit_code == 1
        assert "There is no dataset named nothing." in result.output


class TestMemberRecord:
    def test_takes_what_was_received(self, harvested: dict[str, Any]) -> None:
        """Its statements are the feed's, its address the source's."""
        row = record.by_package(harvested["id"])

        assert (row.authority, row.iri, row.fragment, row.fingerprint) == ("member:source", IRI, FRAGMENT, "f1")
        assert harvested["uri"] == IRI

    @pytest.mark.parametrize(
        ("action", "fields"),
        [
            ("package_update", {}),
            ("package_patch", {"title_translated": {"en": "Mine"}}),
            ("package_delete", {}),
            ("dataset_purge", {}),
            ("package_owner_org_update", {"organization_id": ""}),
            ("package_resource_reorder", {"order": []}),
            ("package_revise", {"update": {"notes_translated": {"en": "Mine"}}}),
            ("bulk_update_private", {}),
            ("bulk_update_public", {}),
            ("bulk_update_delete", {}),
            ("resource_create", {"url": "https://example.org/b.csv"}),
            ("resource_update", {"url": "https://example.org/b.csv"}),
            ("resource_patch", {"name": "Mine"}),
            ("resource_delete", {}),
        ],
    )
    def test_nobody_edits_it(self, action: str, fields: dict[str, Any], harvested: dict[str, Any]) -> None:
        """Every writing action says where to change it, also to a sysadmin and to callers without checks."""
        resource, bulk = action.startswith("resource_") and action != "resource_create", action.startswith("bulk")
        id_ = harvested["resources"][0]["id"] if resource else harvested["id"]
        ids = {"datasets": [id_], "org_id": harvested["owner_org"]} if bulk else {"id": id_, "package_id": id_}
        given = {**ids, "match": {"id": id_}, **fields}
        for context in (_context(factories.Sysadmin()), {"user": "", "ignore_auth": True}):
            with pytest.raises(tk.NotAuthorized, match=REFUSAL):
                tk.get_action(action)(context, dict(given))
        assert _operations(harvested["id"]) == ["create"]

    def test_nobody_edits_its_rows(self, harvested: dict[str, Any]) -> None:
        """A write past the actions is refused before it is committed."""
        model.Package.get(harvested["id"]).title = "Mine"
        with pytest.raises(tk.NotAuthorized, match=REFUSAL):
            model.Session.commit()

    def test_nobody_edits_its_resources(self, harvested: dict[str, Any]) -> None:
        """The same for a row of a resource."""
        model.Resource.get(harvested["resources"][0]["id"]).url = "https://example.org/mine.csv"
        with pytest.raises(tk.NotAuthorized, match=REFUSAL):
            model.Session.commit()

    def test_another_member_does_not_either(self, harvested: dict[str, Any]) -> None:
        """Publishing opens the records of one member alone."""
        with publishing("other"), pytest.raises(tk.NotAuthorized, match=REFUSAL):
            call("package_patch", id=harvested["id"], title_translated={"en": "Theirs"})

    def test_the_form_says_so(self, app: Any, harvested: dict[str, Any]) -> None:
        """The page to edit it answers 403 with the sentence."""
        token = factories.APIToken(user=factories.Sysadmin()["name"])["token"]
        answer = app.get(f"/dataset/edit/{harvested['id']}", headers={"Authorization": token})

        assert answer.status_code == 403
        assert REFUSAL in answer.body

    def test_its_group_may_change(self, harvested: dict[str, Any]) -> None:
        """Groups are this site's own, not the record's."""
        group = factories.Group()
        call("member_create", id=group["id"], object=harvested["id"], object_type="package", capacity="public")

        assert _operations(harvested["id"]) == ["create"]

    def test_its_member_changes_it(self, harvested: dict[str, Any]) -> None:
        """Inside `publishing` the actions work, and the record says what the feed says now."""
        now = Incoming(IRI, FRAGMENT.replace("Source", "New"), "f2", "1")
        with publishing("source", now):
            call("package_patch", id=harvested["id"], title_translated={"en": "New"})

        assert record.by_package(harvested["id"]).fingerprint == "f2"
        assert _operations(harvested["id"]) == ["create", "update"]

    def test_a_feed_never_raises_its_audience(self, harvested: dict[str, Any]) -> None:
        """A member admitted for national users stays there, whatever its feed says."""
        member.write({"id": "source", "audience": "national"})
        with publishing("source", Incoming(IRI, FRAGMENT, "f2", "1", audience="everyone")):
            call("package_patch", id=harvested["id"], title_translated={"en": "New"})

        assert record.by_package(harvested["id"]).audience == "national"
        assert not _sees(None, harvested["id"])

    def test_administrators_withdraw_it_for_good(self, harvested: dict[str, Any], incoming: Incoming) -> None:
        """Withdrawn here, it stays so when its feed brings it again, until it is restored here."""
        _act("citizendata_record_withdraw", factories.Sysadmin(), id=harvested["id"])
        with publishing("source", incoming):
            call("package_patch", id=harvested["id"], title_translated={"en": "Again"})
        withdrawn = (_sees(None, harvested["id"]), ledger.by_iri("source", IRI).state)
        _act("citizendata_record_restore", factories.Sysadmin(), id=harvested["id"])

        assert withdrawn == (False, "withdrawn")
        assert _sees(None, harvested["id"])
        assert ledger.by_iri("source", IRI).state == "published"
        assert _operations(harvested["id"]) == ["create", "withdraw", "restore"]

    def test_editors_do_not(self, harvested: dict[str, Any], editor: dict[str, Any]) -> None:
        """The editors of its organisation on this site don't own it."""
        with pytest.raises(tk.NotAuthorized):
            _act("citizendata_record_withdraw", editor, id=harvested["id"])

    def test_a_withdrawal_at_the_source_ends_there(self, harvested: dict[str, Any], incoming: Incoming) -> None:
        """What its source withdrew comes back when its source publishes it again."""
        package = model.Package.get(harvested["id"])
        with publishing("source"):
            hide(package, WITHDRAWN)
            model.Session.commit()
        gone = _sees(None, harvested["id"])
        with publishing("source", incoming):
            call("package_patch", id=harvested["id"], title_translated={"en": "Again"})

        assert not gone
        assert _sees(None, harvested["id"])

    @pytest.mark.parametrize(
        ("state", "noted"), [(WITHDRAWN, "withdrawn"), (WITHDRAWN, "approved"), (CLOSED, "removed")]
    )
    def test_what_its_source_took_back_is_not_decided_here(
        self, state: str, noted: str, harvested: dict[str, Any], app: Any
    ) -> None:
        """Neither by restoring it nor by withdrawing it first; no page offers it, and the way to go is named."""
        with publishing("source"):
            hide(model.Package.get(harvested["id"]), state)
            ledger.write({"member_id": "source", "iri": IRI, "state": noted})
            model.Session.commit()
        advice = "isn't withdrawn" if state == CLOSED else f"harvest approve source {IRI}"
        with pytest.raises(tk.ValidationError, match=advice):
            call("citizendata_record_restore", id=harvested["id"])
        with pytest.raises(tk.ValidationError, match=f"at its source.*harvest approve source {IRI}"):
            call("citizendata_record_withdraw", id=harvested["id"])
        token = factories.APIToken(user=factories.Sysadmin()["name"])["token"]
        page = app.get(f"/dataset/{harvested['name']}", headers={"Authorization": token}).body

        assert not _sees(None, harvested["id"])
        assert not any(f"/dataset/{verb}/" in page for verb in ("restore", "withdraw"))

    def test_the_page_says_what_becomes_of_it_at_its_source(
        self, app: Any, harvested: dict[str, Any], dataset: Make
    ) -> None:
        """Of a member's record it names the member; of a record of this site, the registry that reads it."""
        headers = {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}
        names = (harvested["name"], dataset()["name"])
        pages = [app.get(f"/dataset/withdraw/{name}", headers=headers).body for name in names]

        assert ["In Source Catalogue itself nothing changes" in page for page in pages] == [True, False]
        assert ["the shared registry" in page for page in pages] == [False, True]

    def test_a_source_date_is_not_the_time_of_writing(self, harvested: dict[str, Any], incoming: Incoming) -> None:
        """`metadata_modified` is local and grows; an old date from a feed doesn't enter it."""
        before = harvested["metadata_modified"]
        with publishing("source", incoming):
            call(
                "package_patch",
                id=harvested["id"],
                metadata_modified="2001-01-01T00:00:00",
                notes_translated={"en": "N"},
            )

        assert call("package_show", id=harvested["id"])["metadata_modified"] > before
        assert datetime.now(timezone.utc) >= record.by_package(harvested["id"]).modified
