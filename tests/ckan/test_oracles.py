"""Answers that could tell of a hidden record without showing it, and texts so long that an index refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.model import ledger, member
from ckanext.citizendata.model.record import Record
from tests.ckan.conftest import COMPLETE

Make = Callable[..., dict[str, Any]]
IRI = "https://source.example/dataset/1"
FRAGMENT = f'<{IRI}> <http://purl.org/dc/terms/title> "Source" .\n'
LONG = 200_000
# A text that hardly shrinks, of four bytes a character: a database and an index take the least of these.
MANY = "".join(chr(0x20000 + number * 7919 % 40_000) for number in range(LONG))
ASKED = (
    "am_following_dataset",
    "dataset_follower_count",
    "follow_dataset",
    "package_collaborator_list",
    "package_relationships_list",
    "unfollow_dataset",
)


def _act(action: str, user: dict[str, Any] | None, **fields: Any) -> Any:
    name = user["name"] if user else ""
    who = model.User.get(name) or model.AnonymousUser()
    return tk.get_action(action)({"user": name, "auth_user_obj": who, "ignore_auth": False}, fields)


def _refusal(action: str, user: dict[str, Any] | None, **fields: Any) -> tuple[type, str]:
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError)) as refused:
        _act(action, user, **fields)
    return type(refused.value), str(refused.value)


class TestMembersOfAnOrganisation:
    def _listed(self, user: dict[str, Any] | None, organization: dict[str, Any], **fields: Any) -> set[str]:
        return {id_ for id_, _, _ in _act("member_list", user, id=organization["id"], **fields)}

    @pytest.mark.parametrize(
        "hidden", [{"audience": "producer"}, {"state": "draft"}, {"audience": "national"}], ids=str
    )
    def test_leave_out_what_the_reader_may_not_see(
        self, hidden: dict[str, Any], dataset: Make, organization: dict[str, Any], editor: dict[str, Any]
    ) -> None:
        """Neither the address nor the number of hidden records; own people read the whole list."""
        shown, secret = dataset()["id"], dataset(**hidden)["id"]

        assert self._listed(None, organization, object_type="package") == {shown}
        assert secret not in self._listed(None, organization)
        assert {shown, secret} <= self._listed(editor, organization)

    def test_leave_out_what_has_no_record(self, dataset: Make, organization: dict[str, Any]) -> None:
        """A dataset from before the plugin is hidden until its record is made."""
        dataset()
        model.Session.execute(sa.delete(Record))

        assert self._listed(None, organization, object_type="package") == set()

    def test_of_other_kinds_are_as_before(
        self, dataset: Make, organization: dict[str, Any], editor: dict[str, Any]
    ) -> None:
        """People are listed as CKAN lists them."""
        dataset(audience="producer")

        assert editor["id"] in self._listed(editor, organization, object_type="user")

    def test_of_a_group_come_from_the_search(self, dataset: Make) -> None:
        """`group_package_show` gives nobody the hidden datasets of a group."""
        group = factories.Group()
        shown = dataset(groups=[{"name": group["name"]}])["id"]
        dataset(groups=[{"name": group["name"]}], audience="producer")

        assert [found["id"] for found in _act("group_package_show", None, id=group["id"])] == [shown]


@pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True)
class TestQuestionsAboutADataset:
    @pytest.mark.parametrize("action", ASKED)
    @pytest.mark.parametrize("signed_in", [True, False], ids=["stranger", "nobody"])
    def test_hidden_is_as_absent(self, action: str, signed_in: bool, dataset: Make, stranger: dict[str, Any]) -> None:
        """The refusal is the one for a name that was never used, by name and by id."""
        package = dataset(audience="producer")
        user = stranger if signed_in else None
        absent = _refusal(action, user, id="never-used")

        assert [_refusal(action, user, id=package[key]) for key in ("name", "id")] == [absent, absent]

    def test_hidden_second_of_a_relationship(self, dataset: Make, stranger: dict[str, Any]) -> None:
        """The other dataset of a relationship is asked for by a key of its own."""
        shown, hidden = dataset()["id"], dataset(audience="producer")["id"]
        answers = [_refusal("package_relationships_list", stranger, id=shown, id2=id2) for id2 in (hidden, "absent")]

        assert answers[0] == answers[1]

    def test_no_name_at_all(self, dataset: Make, stranger: dict[str, Any]) -> None:
        """A key that the action doesn't know tells nothing either."""
        names = (dataset(audience="producer")["name"], "never-used")
        answers = [_refusal("follow_dataset", stranger, name=name) for name in names]

        assert answers[0] == answers[1]

    def test_open_can_be_followed(self, dataset: Make, stranger: dict[str, Any]) -> None:
        """Of what a reader may see everything goes as before, and following takes more than a GET."""
        id_ = dataset()["id"]
        _act("follow_dataset", stranger, id=id_)

        assert _act("am_following_dataset", stranger, id=id_)
        assert _act("dataset_follower_count", None, id=id_) == 1
        _act("unfollow_dataset", stranger, id=id_)
        assert not _act("am_following_dataset", stranger, id=id_)
        assert not getattr(tk.get_action("follow_dataset"), "side_effect_free", False)
        assert getattr(tk.get_action("dataset_follower_count"), "side_effect_free", False)


class TestLongTexts:
    @pytest.mark.parametrize("title", ["x" * LONG, MANY, "word " * (LONG // 5)], ids=["one", "many", "words"])
    def test_of_a_member_are_found(self, title: str, organization: dict[str, Any]) -> None:
        """Harvested texts of any length reach the index, and are kept whole."""
        values = {"id": "source", "title": "Source", "url": "https://source.example/c.ttl", "audience": "everyone"}
        member.write({**values, "interval_minutes": 60})
        ledger.write({"member_id": "source", "iri": IRI, "state": "published", "fingerprint": "f1"})
        files = [{"url": "https://source.example/a", "format": title}]
        package = {**COMPLETE, "name": "long", "owner_org": organization["id"], "resources": files}
        package["title_translated"] = {"en": title}
        with publishing("source", Incoming(IRI, FRAGMENT, "f1", "1")):
            id_ = call("package_create", {"citizendata_projection": True}, **package)["id"]

        assert make_connection().search(f"id:{id_}").hits == 1
        found = _act("package_search", None)["results"][0]
        assert (found["title_translated"], found["resources"][0]["format"]) == ({"en": title}, title.strip())

    def test_of_this_site_are_refused(self, dataset: Make) -> None:
        """The sentence names the field and how much it takes."""
        with pytest.raises(tk.ValidationError, match=r"Title: “x{79}…” can't be taken. Write at most 300 characters."):
            dataset(title_translated={"en": "x" * LONG})
