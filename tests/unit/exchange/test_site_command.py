"""The same commands below `ckan`, with what the options of the site name."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from click.testing import CliRunner

from ckanext.citizendata.cli import citizendata


class TestOfThisSite:
    @pytest.mark.parametrize("arguments", [["validate", "x.json"], ["spreadsheet"], ["vocabularies", "check"]])
    def test_has_the_folders_of_the_site(
        self, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where nobody names others."""
        monkeypatch.setitem(tk.config, "ckanext.citizendata.vocabulary_folders", [str(tmp_path / "missing")])
        result = CliRunner().invoke(citizendata, arguments)
        assert result.exit_code == 2
        assert "There is no folder" in result.output
