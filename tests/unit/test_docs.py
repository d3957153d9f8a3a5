"""The reference names everything that a person can set or call, and no page leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.core.audience import AUDIENCES

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s#]*)(?:#[^)\s]*)?\)")
# What stood in a page while its text was still to come.
PLACEHOLDER = re.compile(r"\b(TRANSCRIPT|REALSERVICES|TROUBLE|TODO|FIXME|XXX)\b")
DECLARATION = ROOT / "ckanext-citizendata" / "ckanext" / "citizendata" / "config_declaration.yaml"


def headings(name: str) -> set[str]:
    lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return {line.removeprefix("## ") for line in lines if line.startswith("## ")}


def options() -> list[str]:
    groups = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))["groups"]
    return [option["key"] for group in groups for option in group["options"]]


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name))


def actions() -> dict[str, str]:
    """Our own actions, each with the text that CKAN shows of it; those that change CKAN's keep their names."""
    folder = DECLARATION.parent / "logic" / "action"
    modules = [import_module(f"ckanext.citizendata.logic.action.{file.stem}") for file in folder.glob("[a-z]*.py")]
    names = {name: module for module in modules for name in module.__all__ if name.startswith("citizendata_")}
    return {name: getattr(module, name).__doc__ for name, module in names.items()}


def section(name: str, heading: str) -> str:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


class TestReference:
    def test_has_a_heading_for_each_option(self) -> None:
        """And for no option that isn't there any more."""
        assert headings("options.md") == set(options())

    def test_has_a_heading_for_each_command(self) -> None:
        """And for no command that isn't there any more."""
        assert headings("commands.md") == set(commands(citizendata))

    def test_has_a_heading_for_each_action(self) -> None:
        """And for no action that isn't there any more."""
        assert headings("actions.md") == set(actions())

    @pytest.mark.parametrize("action", sorted(actions()))
    def test_action_is_described_whole(self, action: str) -> None:
        """With what it takes, gives and refuses, and who may call it; each parameter of the docstring by its name."""
        text = section("actions.md", action)
        for word in ("Parameters", "Result", "Errors", "Who may"):
            assert f"\n- {word}: " in text, word
        for parameter in re.findall(r":param (\w+):", actions()[action]):
            assert f"`{parameter}`" in text, parameter

    @pytest.mark.parametrize("key", options())
    def test_option_has_one_reader(self, key: str) -> None:
        """An option is read by its function in config.py, nowhere else (the demo writes some)."""
        package = DECLARATION.parent
        readers = [
            file.name
            for file in package.rglob("*.py")
            if file.parent.name != "local" and f'"{key}"' in file.read_text(encoding="utf-8")
        ]
        assert readers == ["config.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestPages:
    def test_links_lead_somewhere(self, page: Path) -> None:
        """A link to another page, a picture or a file of the repository finds it."""
        links = LINK.findall(page.read_text(encoding="utf-8"))
        local = [link for link in links if link and "://" not in link and not link.startswith("mailto:")]
        assert [link for link in local if not (page.parent / link).exists()] == []

    def test_no_placeholder(self, page: Path) -> None:
        """No word stands where a text was still to come."""
        assert PLACEHOLDER.findall(page.read_text(encoding="utf-8")) == []


class TestTables:
    def test_names_each_command(self) -> None:
        """Each command of `bin/` is in the table of CONTRIBUTING.md, and no other."""
        table = set(re.findall(r"^\| `bin/(\w+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE))
        scripts = {file.name for file in (ROOT / "bin").iterdir() if file.stat().st_mode & 0o100}
        assert table == scripts

    def test_names_each_place_of_the_audience(self) -> None:
        """The page on who may see what has a row for each answer."""
        page = (ROOT / "docs" / "how-to" / "who-may-see-what.md").read_text(encoding="utf-8")
        assert set(re.findall(r"^\| .*\(`(\w+)`\) \|", page, re.MULTILINE)) == set(AUDIENCES)
