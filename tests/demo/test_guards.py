"""A harvested record is changed at its source alone: every way to edit it at the registry is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo
from ckanext.citizendata.local.people import Account

SOURCE = "kenya"
REASON = "This record comes from Citizen data Kenya (demo); change it there."
PEOPLE = ("administrator", "editor")
TABLES = ("package", "resource", "member", "citizendata_record", "citizendata_change", "citizendata_dirty")

# What each action is asked, given the package and the id of another organisation.
ACTIONS: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
    "package_update": lambda package, _: {**package, "title_translated": {"en": "Changed"}},
    "package_patch": lambda package, _: {"id": package["id"], "title_translated": {"en": "Changed"}},
    "package_revise": lambda package, _: {"match": {"id": package["id"]}, "update": {"access_rights": "NON_PUBLIC"}},
    "package_delete": lambda package, _: {"id": package["id"]},
    "dataset_purge": lambda package, _: {"id": package["id"]},
    "package_owner_org_update": lambda package, other: {"id": package["id"], "organization_id": other},
    "package_resource_reorder": lambda package, _: {
        "id": package["id"],
        "order": [each["id"] for each in reversed(package["resources"])],
    },
    "resource_create": lambda package, _: {"package_id": package["id"], "url": "https://example.org/changed.csv"},
    "resource_update": lambda package, _: {**package["resources"][0], "name": "Changed"},
    "resource_patch": lambda package, _: {"id": package["resources"][0]["id"], "name": "Changed"},
    "resource_delete": lambda package, _: {"id": package["resources"][0]["id"]},
    "bulk_update_private": lambda package, _: {"org_id": package["owner_org"], "datasets": [package["id"]]},
    "bulk_update_public": lambda package, _: {"org_id": package["owner_org"], "datasets": [package["id"]]},
    "bulk_update_delete": lambda package, _: {"org_id": package["owner_org"], "datasets": [package["id"]]},
}
# What is sent to each page's address.
FORMS: dict[str, dict[str, str]] = {
    "/dataset/edit/{name}": {"title_translated-en": "Changed", "save": "publish"},
    "/dataset/delete/{name}": {},
    "/dataset/{name}/resource/new": {"url": "https://example.org/changed.csv", "save": "go-metadata", "id": ""},
    "/dataset/{name}/resource/{resource}/edit": {"url": "https://example.org/changed.csv", "save": "go-metadata"},
    "/dataset/{name}/resource/{resource}/delete": {},
}


@pytest.fixture(scope="module")
def person(demo: Demo, administrator: Callable[[str], Browser]) -> Callable[[str], Browser]:
    """The registry's administrator, or an editor of the organisation that stands for the source there."""
    root = administrator("registry")
    account = Account("registry", "editor-of-source", "a-long-word-for-editors")
    if account.name not in root.action("user_list", {"all_fields": False}):
        user = {"name": account.name, "password": account.password, "email": "editor@example.org"}
        root.action("user_create", user)
    role = {"id": SOURCE, "username": account.name, "role": "admin"}
    root.action("organization_member_create", role)
    people = {"administrator": root, "editor": demo.browser(account)}
    return people.__getitem__


@pytest.fixture(scope="module")
def package(anyone: Callable[[str], Browser]) -> dict[str, Any]:
    """A harvested record with two files."""
    search = "/api/3/action/package_search?q=quillombat"
    found = anyone("registry").get(search).json()["result"]["results"][0]
    assert len(found["resources"]) == 2
    return found


@pytest.fixture
def state(
    rows: Callable[..., dict[str, list[str]]], solr: Callable[..., Any], package: dict[str, Any]
) -> Callable[[], Any]:
    """All that the registry's tables and search index hold of its records."""

    def read() -> Any:
        document = solr("registry", q=f"id:{package['id']}", fl="*")["response"]["docs"]
        assert len(document) == 1
        return rows("registry", *TABLES), document

    return read


def _post(browser: Browser, path: str, **sent: Any) -> requests.Response:
    """What is answered to a form or an action with the person's token."""
    browser.action("user_list", {"all_fields": False})
    headers = {"X-CSRFToken": browser.token, "Referer": browser.url}
    return browser.session.post(browser.url + path, headers=headers, timeout=60, allow_redirects=False, **sent)


def _address(path: str, package: dict[str, Any]) -> str:
    return path.format(name=package["name"], resource=package["resources"][0]["id"])


@pytest.mark.parametrize("who", PEOPLE)
class TestHarvestedRecord:
    @pytest.mark.parametrize("action", ACTIONS)
    def test_no_action_changes_it(
        self,
        person: Callable[[str], Browser],
        package: dict[str, Any],
        state: Callable[[], Any],
        who: str,
        action: str,
    ) -> None:
        """The action is refused with the reason, and neither tables nor search index are touched."""
        other = person("administrator").action("organization_show", {"id": "ghana"})["id"]
        before = state()

        answer = _post(person(who), f"/api/3/action/{action}", json=ACTIONS[action](package, other))

        assert answer.status_code == 403
        assert REASON in answer.json()["error"]["message"]
        assert state() == before

    @pytest.mark.parametrize("path", FORMS)
    def test_nothing_sent_to_a_page_changes_it(
        self,
        person: Callable[[str], Browser],
        package: dict[str, Any],
        state: Callable[[], Any],
        who: str,
        path: str,
    ) -> None:
        """What a form would send is refused, and neither tables nor search index are touched."""
        before = state()

        sent = _post(person(who), _address(path, package), data=FORMS[path])

        assert sent.status_code == 403
        assert state() == before

    @pytest.mark.parametrize("path", [path for path in FORMS if path.endswith("/edit") or "/edit/" in path])
    def test_no_form_to_edit_it_is_shown(
        self, person: Callable[[str], Browser], package: dict[str, Any], who: str, path: str
    ) -> None:
        """Nobody types for nothing."""
        assert person(who).get(_address(path, package), allow_redirects=False).status_code == 403

    @pytest.mark.parametrize("action", ["private", "delete"])
    def test_no_bulk_page_changes_it(
        self,
        person: Callable[[str], Browser],
        package: dict[str, Any],
        state: Callable[[], Any],
        who: str,
        action: str,
    ) -> None:
        """The organisation's page for many datasets at once changes none of its source's."""
        before = state()

        sent = _post(
            person(who),
            f"/organization/bulk_process/{SOURCE}",
            data={f"dataset_{package['id']}": "on", f"bulk_action.{action}": action},
        )

        assert sent.status_code in (200, 403), sent.status_code
        assert state() == before

    def test_its_page_offers_no_edit(self, person: Callable[[str], Browser], package: dict[str, Any], who: str) -> None:
        """The record's page has no link to edit it, and says where to change it."""
        text = person(who).get(f"/dataset/{package['name']}").text

        assert f"/dataset/edit/{package['name']}" not in text
        assert "Citizen data Kenya (demo)" in text


class TestOrganizationOfSource:
    @pytest.mark.parametrize("action", ["organization_delete", "organization_purge"])
    def test_it_stays_while_it_has_records(
        self, person: Callable[[str], Browser], state: Callable[[], Any], action: str
    ) -> None:
        """Deleting the organisation would take its records' owner: that is refused."""
        before = state()

        answer = _post(person("administrator"), f"/api/3/action/{action}", json={"id": SOURCE})

        assert answer.status_code in (403, 409)
        assert state() == before


class TestOwnRecord:
    def test_an_action_changes_it_where_it_is_made(
        self, editor: Callable[[str], Browser], publish: Callable[..., dict[str, Any]], anyone: Callable[[str], Browser]
    ) -> None:
        """At its own catalogue the editor's patch is there at once."""
        made = publish("zumari-radio-circle", "guarded-by-api")

        editor("zumari-radio-circle").action("package_patch", {"id": made["id"], "title_translated": {"en": "Renewed"}})

        assert '"Renewed"@en' in anyone(SOURCE).get(f"/dataset/{made['name']}.ttl").text

    def test_the_form_changes_it_where_it_is_made(
        self, editor: Callable[[str], Browser], publish: Callable[..., dict[str, Any]], anyone: Callable[[str], Browser]
    ) -> None:
        """So is what she types in the form, and what she left alone stays."""
        made = publish("zumari-radio-circle", "guarded-by-form")

        answer = editor("zumari-radio-circle").submit(
            f"/dataset/edit/{made['name']}",
            "title_translated-en",
            [("title_translated-en", "Retyped"), ("save", "publish")],
        )

        after = editor("zumari-radio-circle").action("package_show", {"id": made["id"]})
        assert answer.url.endswith(f"/dataset/{made['name']}"), answer.url
        assert "Retyped" in anyone(SOURCE).get(f"/dataset/{made['name']}").text
        assert {name for name in made if made[name] != after.get(name)} == {
            "metadata_modified",
            "title",
            "title_translated",
        }
