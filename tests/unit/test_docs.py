"""The reference names everything that a person can set or call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from ckanext.citizendata.cli import citizendata

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
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


class TestReference:
    def test_has_a_heading_for_each_option(self) -> None:
        """And for no option that isn't there any more."""
        assert headings("options.md") == set(options())

    def test_has_a_heading_for_each_command(self) -> None:
        """And for no command that isn't there any more."""
        assert headings("commands.md") == set(commands(citizendata))

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
