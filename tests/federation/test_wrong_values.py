"""What is no name, sent to any of our actions: told as such, never an error of the database."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.logic import _actions  # type: ignore[attr-defined] - the names of all actions

NO_NAMES = (5, -1, True, 1e30, "\0", "a\0", ["a"], [[1]], {"a": 1})
TOLD = (tk.ObjectNotFound, tk.ValidationError)


def _with_parameter(name: str) -> list[str]:
    tk.get_action("package_show")
    ours = {each: function for each, function in _actions.items() if each.startswith("citizendata_")}
    return sorted(each for each, function in ours.items() if re.search(rf":param {name}:", function.__doc__ or ""))


@pytest.mark.usefixtures("registry")
class TestWrongValues:
    @pytest.mark.parametrize("value", NO_NAMES, ids=repr)
    def test_of_what_an_action_is_about(self, value: Any) -> None:
        """Nothing has that name."""
        actions = _with_parameter("id")
        assert len(actions) > 25
        for action in actions:
            with pytest.raises(TOLD):
                tk.get_action(action)({"ignore_auth": True}, {"id": value})

    @pytest.mark.parametrize("value", NO_NAMES, ids=repr)
    def test_where_a_list_goes_on(self, value: Any) -> None:
        """From the first."""
        for action in ("citizendata_catalogue_list", "citizendata_member_list"):
            asked = tk.get_action(action)
            assert asked({"ignore_auth": True}, {"after": value}) == asked({"ignore_auth": True}, {})

    @pytest.mark.parametrize("value", ["perhaps", 7, ["yes"], {"a": 1}], ids=repr)
    def test_what_is_neither_yes_nor_no(self, value: Any) -> None:
        """Is told by its name."""
        with pytest.raises(tk.ValidationError) as raised:
            tk.get_action("citizendata_match_list")({"ignore_auth": True}, {"decided": value})

        assert raised.value.error_dict == {"decided": ["Write true or false."]}
