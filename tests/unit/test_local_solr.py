"""What our Solr differs in from the one that CKAN describes."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.solr import compiler, schema_name, write_configset


class TestConfigset:
    def test_splits_no_word_twice(self, tmp_path: Path) -> None:
        """No field is copied into itself; everything else is CKAN's."""
        write_configset(tmp_path)
        schema = ElementTree.parse(tmp_path / "schema.xml").getroot()
        copied = [(each.attrib["source"], each.attrib["dest"]) for each in schema.iter("copyField")]

        assert [pair for pair in copied if pair[0] == pair[1]] == []
        assert {("title", "text"), ("notes", "text")} <= {*copied}
        assert schema.attrib["name"] == schema_name()


class TestCompiler:
    @pytest.mark.parametrize(
        ("environment", "options"),
        [
            ({}, ("-XX:TieredStopAtLevel=1",)),
            ({"CITIZENDATA_SOLR_COMPILER": ""}, ("-XX:TieredStopAtLevel=1",)),
            ({"CITIZENDATA_SOLR_COMPILER": "full"}, ()),
        ],
    )
    def test_is_quick_unless_said(self, environment: dict[str, str], options: tuple[str, ...]) -> None:
        """Tests and demo are up sooner; who measures says `full`."""
        assert compiler(environment) == options

    def test_refuses_what_it_does_not_know(self) -> None:
        """With the words that it knows."""
        with pytest.raises(LocalError, match="CITIZENDATA_SOLR_COMPILER is 'fast': say quick or full."):
            compiler({"CITIZENDATA_SOLR_COMPILER": "fast"})
