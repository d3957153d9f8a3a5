"""Drafts that come by API, and states that no dataset has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.citizendata.model import place, record

Make = Callable[..., dict[str, Any]]


def _act(action: str, user: dict[str, Any] | None, **fields: Any) -> Any:
    name = user["name"] if user else ""
    who = model.User.get(name) or model.AnonymousUser()
    return tk.get_action(action)({"user": name, "auth_user_obj": who, "ignore_auth": False}, fields)


@pytest.fixture
def half(organization: dict[str, Any]) -> dict[str, Any]:
    """What a person has on the first day: a title, and the wish to go on later."""
    return {
        "type": "dataset",
        "state": "draft",
        "owner_org": organization["id"],
        "title_translated": {"en": "Half"},
        "audience": "everyone",
    }


class TestDraft:
    def test_of_an_editor_stays_one(
        self, half: dict[str, Any], editor: dict[str, Any], reader: dict[str, Any], stranger: dict[str, Any]
    ) -> None:
        """What an editor sends as a draft is for own people alone, and has no record."""
        id_ = _act("package_create", editor, **half)["id"]

        assert _act("package_show", editor, id=id_)["state"] == "draft"
        assert _act("package_show", reader, id=id_)["state"] == "draft"
        for user in (stranger, None):
            with pytest.raises(tk.ObjectNotFound):
                _act("package_show", user, id=id_)
        assert record.by_package(id_) is None
        assert list(place.page(0, 10).rows) == []

    def test_is_not_found_by_others(self, half: dict[str, Any], editor: dict[str, Any]) -> None:
        """Search finds it for its own people only."""
        _act("package_create", editor, **half)
        query = {"include_drafts": True, "include_private": True}

        assert _act("package_search", None, **query)["count"] == 0
        assert _act("package_search", editor, **query)["count"] == 1

    def test_becomes_a_record_when_it_is_complete(self, dataset: Make, editor: dict[str, Any]) -> None:
        """Its editor publishes it by its state."""
        id_ = dataset(state="draft")["id"]
        _act("package_patch", editor, id=id_, state="active")

        assert _act("package_show", None, id=id_)["state"] == "active"

    def test_is_no_way_round_the_questions(self, half: dict[str, Any], editor: dict[str, Any]) -> None:
        """A draft without its answers can't be published, and stays a draft."""
        id_ = _act("package_create", editor, **half)["id"]
        with pytest.raises(tk.ValidationError, match="sensitivity"):
            _act("package_patch", editor, id=id_, state="active")

        assert _act("package_show", editor, id=id_)["state"] == "draft"


class TestState:
    @pytest.mark.parametrize("state", ["weird", "pending", "Draft", ["draft"], 7], ids=str)
    def test_that_no_dataset_has(self, state: Any, half: dict[str, Any], editor: dict[str, Any]) -> None:
        """The refusal names field, value and what may be written; nothing is made."""
        with pytest.raises(tk.ValidationError) as refused:
            _act("package_create", editor, **{**half, "state": state})

        advice = f"state: “{state}” can't be taken. Write one of: active, draft, deleted."
        assert refused.value.error_dict.get("state") == [advice]
        assert model.Session.query(model.Package).count() == 0

    def test_of_a_change(self, dataset: Make, editor: dict[str, Any]) -> None:
        """A record keeps its state when a change names a strange one."""
        id_ = dataset()["id"]
        with pytest.raises(tk.ValidationError, match="weird"):
            _act("package_patch", editor, id=id_, state="weird")

        assert _act("package_show", None, id=id_)["state"] == "active"

    @pytest.mark.parametrize("state", ["", None], ids=repr)
    def test_left_empty(self, state: Any, dataset: Make) -> None:
        """No state at all is that of a finished record."""
        assert dataset(state=state)["state"] == "active"
