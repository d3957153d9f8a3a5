"""What axe-core finds wrong on a page, by the rules of WCAG 2.2 A and AA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["CONTRAST", "WCAG", "violations"]

# Which rules: all of WCAG 2.2 A and AA, or those about colours alone.
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# Of each rule that is broken so many elements are shown, so long.
SHOWN, LENGTH = 4, 160


def violations(page: Page, rules: Mapping[str, Any] = WCAG) -> list[str]:
    """A sentence for each rule that the page breaks, with the first elements that do."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {_elements(rule['nodes'])}" for rule in found]


def _elements(nodes: Sequence[Mapping[str, str]]) -> str:
    shown = [node["html"][:LENGTH] for node in nodes[:SHOWN]]
    return " | ".join([*shown, *([f"and {len(nodes) - SHOWN} more"] if len(nodes) > SHOWN else [])])
