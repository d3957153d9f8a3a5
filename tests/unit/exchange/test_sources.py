"""What a person names, and its bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.sources import source_of


class TestFiles:
    def test_within_the_limit(self, tmp_path: Path) -> None:
        """Up to the last byte."""
        path = tmp_path / "a.ttl"
        path.write_bytes(b"12345")
        assert source_of(str(path), 5).content == b"12345"
        with pytest.raises(Unusable, match="larger than"):
            source_of(str(path), 4)

    def test_devices_and_pipes(self, tmp_path: Path) -> None:
        """They have no end, or nobody writes to them."""
        os.mkfifo(tmp_path / "pipe")
        for path in ("/dev/zero", "/dev/null", str(tmp_path / "pipe")):
            with pytest.raises(Unusable, match="no file but a device or a pipe"):
                source_of(path)

    def test_of_unknown_size(self) -> None:
        """A file of the system says that it is empty."""
        with pytest.raises(Unusable, match="larger than"):
            source_of("/proc/self/status", 10)

    def test_folder(self, tmp_path: Path) -> None:
        """Its files are named one by one."""
        with pytest.raises(Unusable, match="is a folder"):
            source_of(str(tmp_path))
