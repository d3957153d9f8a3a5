"""Publishes the sample records as a person does: log in, open the form, fill it in, send it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ckanext.citizendata.local.people import Account
    from ckanext.citizendata.local.samples import SampleRecord
    from ckanext.citizendata.local.site import Site

__all__ = ["Publisher", "fields_from_package"]

FORM = "/dataset/new"
KNOWN_BY = "title_translated-en"
_ERROR = re.compile(
    r'<strong class="cd-error"[^>]*>(.*?)</strong>|<li><a href="#field-[^"]*">(.*?)</a></li>', re.DOTALL
)


def fields_from_package(package: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a person would type: the fields of the form with their values.

    `{"title_translated": {"en": "A"}, "country": ["KEN", "UGA"], "contact": [{"name": "B"}]}`
    -> `title_translated-en=A`, `country=KEN`, `country=UGA`, `contact-0-name=B`
    """
    return tuple(pair for name, value in package.items() if name != "type" for pair in _fields(name, value))


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from (pair for part, inner in value.items() for pair in _fields(f"{name}-{part}", inner))
    elif isinstance(value, list):
        rows = any(isinstance(inner, dict) for inner in value)
        yield from (
            pair for index, inner in enumerate(value) for pair in _fields(f"{name}-{index}" if rows else name, inner)
        )
    elif value is not None:
        yield name, str(value)


class Publisher:
    """Publishes records at several sites, one after the other at each site and at all sites at once."""

    def __init__(self, accounts: dict[str, Account], told: Callable[[], None]) -> None:
        self.accounts = accounts
        self.told = told

    def publish(
        self, sites: Sequence[Site], records: Sequence[SampleRecord], organizations: dict[str, dict[str, str]]
    ) -> int:
        """How many records were published now: those that were missing. `organizations`: ids by name by site."""
        with ThreadPoolExecutor(len(sites)) as pool:
            done = [
                pool.submit(
                    self._publish_at,
                    site,
                    [each for each in records if each.site == site.name],
                    organizations[site.name],
                )
                for site in sites
            ]
            return sum(each.result() for each in done)

    def _publish_at(self, site: Site, records: Sequence[SampleRecord], organizations: dict[str, str]) -> int:
        count = 0
        for organization, group in groupby(
            sorted(records, key=lambda each: each.organization), key=lambda each: each.organization
        ):
            account = self.accounts[organization]
            browser = Browser(site.url)
            if not browser.login(account.name, account.password):
                raise LocalError(f"{account.name} can't log in at {site.url}: see {site.home.logs / site.name}.log.")
            for record in group:
                count += self._publish_one(browser, record, organizations[organization])
                self.told()
        return count

    def _publish_one(self, browser: Browser, record: SampleRecord, organization: str) -> bool:
        name = record.package["name"]
        if browser.get(f"/dataset/{name}", allow_redirects=False).ok:
            return False
        fields = [*fields_from_package(record.package), ("owner_org", organization), ("save", "publish")]
        answer = browser.submit(FORM, KNOWN_BY, fields)
        if not answer.ok or not answer.url.startswith(f"{browser.url}/dataset/{name}"):
            raise LocalError(
                f"The sample record {name} is refused at {browser.url}{FORM}: "
                f"{_reason(answer.status_code, answer.text)}"
            )
        return True


def _reason(status: int, page: str) -> str:
    """What the form says is wrong."""
    found = dict.fromkeys(
        re.sub(r"\s+", " ", unescape(first or second)).strip() for first, second in _ERROR.findall(page)
    )
    return "; ".join(found) or f"HTTP {status}, without a reason on the page."
