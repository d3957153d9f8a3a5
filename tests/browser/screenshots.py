"""Takes the pictures of the documentation from a running site: `bin/screenshots http://127.0.0.1:5000 docs/img`.

Needs Chromium. Pages are taken as a visitor sees them; `--login NAME`, with the password on standard input, adds forms.
"""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 780}


def _pages(page: Page, site: str, signed_in: bool) -> Iterator[tuple[str, str]]:
    """The name and address of each picture; the first record of the search stands for all."""
    page.goto(f"{site}/dataset/")
    record = page.locator(".dataset-heading a").first.get_attribute("href") or ""
    yield from (("home", "/"), ("search", "/dataset/"), ("search-arabic", "/ar/dataset/"), ("record", record))
    if signed_in:
        yield from (("form", "/dataset/new"), ("form-arabic", "/ar/dataset/new"))


def _sign_in(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/user/login")
    page.fill("#field-login", name)
    page.fill("#field-password", getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().strip())
    page.press("#field-password", "Enter")
    page.wait_for_load_state()


def _take(page: Page, site: str, folder: Path, signed_in: bool) -> None:
    for name, address in list(_pages(page, site, signed_in)):
        for suffix, size in (("", WIDE), ("-phone", PHONE)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(f"{site}{address}" if address.startswith("/") else address)
            page.screenshot(path=folder / f"{name}{suffix}.png")


def main() -> None:
    """Write the pictures, or say in one sentence why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", help="address of a running site")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--login", metavar="NAME", help="take the form too, as this user")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        parser.exit(1, "Chromium isn't on this machine: apt-get install chromium, or name it in CHROMIUM.\n")
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        if options.login:
            _sign_in(page, options.site, options.login)
        _take(page, options.site.rstrip("/"), options.folder, bool(options.login))
        browser.close()


if __name__ == "__main__":
    main()
