"""Accounts and organisations of the demo: an administrator a site, an editor an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.sites import ADMINISTRATOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.samples import SampleOrganization
    from ckanext.citizendata.local.site import Site

__all__ = ["Account", "account_of", "administrator", "see_to_people"]


@dataclass(frozen=True)
class Account:
    """Somebody who can log in."""

    site: str
    name: str
    password: str


def administrator(site: Site, credentials: Credentials) -> Account:
    """The administrator of the site."""
    return Account(site.name, ADMINISTRATOR, credentials.password(f"{ADMINISTRATOR} at {site.name}"))


def account_of(organization: SampleOrganization, credentials: Credentials) -> Account:
    """The editor of the organisation."""
    name = f"editor-{organization.name}"
    return Account(organization.site, name, credentials.password(f"{name} at {organization.site}"))


def see_to_people(site: Site, organizations: Iterable[SampleOrganization], credentials: Credentials) -> dict[str, str]:
    """Make what is missing of the site's accounts and organisations; comes back with the organisations' ids by name."""
    browser = _as_administrator(site, credentials)
    known = {
        each["name"]: each["id"]
        for each in browser.action("organization_list", {"all_fields": True, "include_dataset_count": False})
    }
    for organization in organizations:
        if organization.name not in known:
            known[organization.name] = _make(browser, organization, account_of(organization, credentials))
    return known


def _as_administrator(site: Site, credentials: Credentials) -> Browser:
    """The administrator logged in, with a password of this site instead of the one in the copied database."""
    account, first = administrator(site, credentials), credentials.password("the first administrator")
    browser = Browser(site.url)
    if browser.login(account.name, account.password):
        return browser
    if not browser.login(account.name, first):
        raise LocalError(
            f"The administrator of {site.name} has another password than the one in {site.home.root / 'secrets.json'}: "
            "put it there, or start afresh with `bin/demo reset`."
        )
    words = [
        ("old_password", first),
        ("password1", account.password),
        ("password2", account.password),
        ("save", "update"),
    ]
    browser.submit(f"/user/edit/{account.name}", "password1", words)
    again = Browser(site.url)
    if not again.login(account.name, account.password):
        raise LocalError(
            f"The password of the administrator of {site.name} can't be set: see {site.home.logs / site.name}.log."
        )
    return again


def _make(browser: Browser, organization: SampleOrganization, account: Account) -> str:
    title = organization.title.get("en") or next(iter(organization.title.values()))
    profile = {"producer_kind": organization.kind, "country": [organization.country]}
    made = browser.action(
        "organization_create",
        {"name": organization.name, "title": title, "description": organization.description, **profile},
    )
    user = {
        "name": account.name,
        "password": account.password,
        "email": f"{account.name}@example.org",
        "fullname": f"{title} (editor)",
    }
    browser.action("user_create", user)
    browser.action("organization_member_create", {"id": organization.name, "username": account.name, "role": "editor"})
    return made["id"]
