"""Takes the pictures of the documentation anew: `bin/demo`, then `bin/screenshots http://127.0.0.1:5000 docs/img`.

Needs Chromium, and fonts for the languages of the site. Pages are taken as a visitor of the shared registry sees them.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, TALL, PHONE = ({"width": w, "height": h} for w, h in ((1280, 860), (1280, 1300), (360, 1100)))
# Under which name a page stands in the documentation; {record} is the one that says most of those about this group.
GROUP = "persons_with_disabilities"
PICTURES = {
    "home": ("/", WIDE),
    "registry": ("/dataset/", WIDE),
    "search-arabic": ("/ar/dataset/", PHONE),
    "record": ("/dataset/{record}", TALL),
    "coverage": ("/coverage", TALL),
    "quick-form": ("/dataset/quick?population_group=women&sdg_goal=5", PHONE),
}


def _fullest_record(page: Page, site: str) -> str:
    search = f"{site}/api/3/action/package_search?rows=100&fq=vocab_population_group:{GROUP}"
    found = page.request.get(search).json()["result"]["results"]
    return max(found, key=lambda record: sum(map(bool, record.values())))["name"]


def _take(page: Page, site: str, folder: Path) -> None:
    record = _fullest_record(page, site)
    for name, (path, size) in PICTURES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(site + path.format(record=record))
        page.screenshot(path=folder / f"{name}.png")


def main() -> None:
    """Write the pictures, or say in one sentence why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", help="address of a running site with records")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        parser.exit(1, "Chromium isn't on this machine: apt-get install chromium, or name it in CHROMIUM.\n")
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        _take(browser.new_page(), options.site.rstrip("/"), options.folder)
        browser.close()


if __name__ == "__main__":
    main()
