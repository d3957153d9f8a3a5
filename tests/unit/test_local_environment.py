"""bin/demo and bin/environment on a copy of the checkout, on bad days: nothing is half made."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.citizendata.local.settings import CHECKOUT

SCRIPT = "ckanext-citizendata/ckanext/citizendata/local/environment.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of the checkout is needed to make an environment."""
    for name in ("bin", "requirements"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    for name in ("pyproject.toml", "setup.py", SCRIPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, run in the checkout by a person without settings of pip."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment = {**kept, "PYTHON": sys.executable, "HOME": str(checkout), **settings}
    return subprocess.run([*command], cwd=checkout, env=environment, capture_output=True, text=True, check=False)


class TestEnvironment:
    def test_index_out_of_reach(self, checkout: Path) -> None:
        """Without the package index there is one sentence, and the environment of before instead of half a new one."""
        (checkout / ".venv").mkdir()
        (checkout / ".venv" / "mine").touch()
        done = run(checkout, "bin/demo", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
        assert done.returncode == 1
        assert "The package index can't be reached while fetching the installer: check the network" in done.stderr
        assert [folder.name for folder in checkout.glob(".venv*")] == [".venv"]
        assert [file.name for file in (checkout / ".venv").iterdir()] == ["mine"]

    def test_no_python(self, checkout: Path) -> None:
        """A machine without a new enough Python is told so."""
        (checkout / "old").mkdir()
        for name in ("python3", "python3.13", "python3.12", "python3.11", "python3.10"):
            (checkout / "old" / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
            (checkout / "old" / name).chmod(0o755)
        done = run(checkout, "bin/demo", PYTHON="", PATH=f"{checkout / 'old'}:{os.environ['PATH']}")
        assert done.returncode == 1
        assert done.stderr == "No Python 3.10 or newer is found: install one, or name it in the variable PYTHON.\n"

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ("OSError: [Errno 28] No space left on device", "The disk is full while installing: make 1500 MB free"),
            ("error: Failed to fetch: x", "The package index can't be reached while installing: check the network"),
            ("error: it broke", "Something failed while installing: error: it broke"),
        ],
    )
    def test_sentences(self, said: str, sentence: str) -> None:
        """What an installer says becomes one sentence with what to do."""
        assert runpy.run_path(str(CHECKOUT / SCRIPT))["_sentence"]("installing", said).startswith(sentence)


class TestArguments:
    @pytest.mark.parametrize(
        "words", [["fly"], ["--chek"], ["stop", "now"], ["start", "--yes"], ["reset", "--yes", "x"]]
    )
    def test_unknown(self, checkout: Path, words: list[str]) -> None:
        """What isn't known is refused in one sentence, before anything is made."""
        done = run(checkout, "bin/demo", *words)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "bin/demo --help" in done.stderr
        assert not (checkout / ".venv").exists()

    def test_help(self, checkout: Path) -> None:
        """Help is there before anything is made."""
        done = run(checkout, "bin/demo", "--help")
        assert done.returncode == 0
        assert done.stdout.startswith("usage: bin/demo")
        assert not (checkout / ".venv").exists()
