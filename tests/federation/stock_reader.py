"""The stock stack as somebody else's site: CKAN with ckanext-dcat and ckanext-harvest, in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ckan.common import config

from benchmarks.stock_site import OPTIONS
from ckanext.citizendata.local.postgres import Databases
from ckanext.citizendata.local.settings import CHECKOUT, child_environment, settings_from_environment

__all__ = ["Harvested", "StockReader", "stock_reader"]

REQUIREMENTS = CHECKOUT / "requirements" / "stock.txt"
# All else of the stock stack has the same version in the environment of the tests.
PACKAGE = "ckanext-harvest"
PROGRAM = Path(__file__).with_name("stock_program.py")
DATABASE = "stock_reader"


@dataclass(frozen=True)
class Harvested:
    """What the stock harvester did: the datasets that it gathered, what went wrong, and what its site shows now."""

    gathered: list[str]
    errors: list[str]
    shown: dict[str, str]


class StockReader:
    """A stock site that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._answer() == "ready"

    def harvest(self, url: str) -> Harvested:
        """What a harvest of the catalogue at an address did."""
        assert self._process.stdin
        self._process.stdin.write(f"{url}\n")
        self._process.stdin.flush()
        return Harvested(**self._answer())

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the stock site ended: its words are above"
        return json.loads(line)


@pytest.fixture(scope="module")
def stock_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StockReader]:
    """A stock site with tables of its own on the services of the tests."""
    folder = tmp_path_factory.mktemp("stock")
    file = folder / "stock.ini"
    with _database() as address:
        file.touch(mode=0o600)
        file.write_text(_configuration(address, folder), encoding="utf-8")
        command = [str(_python()), str(PROGRAM), str(file)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, cwd=folder, env=child_environment(), text=True, **pipes) as process:  # type: ignore[call-overload]
            try:
                yield StockReader(process)
            finally:
                process.kill()


@contextmanager
def _database() -> Iterator[str]:
    databases = Databases(str(config["sqlalchemy.url"]).rpartition("/")[0])
    databases.drop(DATABASE)
    databases.create(DATABASE)
    try:
        yield databases.url(DATABASE)
    finally:
        databases.drop(DATABASE)


def _configuration(database: str, folder: Path) -> str:
    secret = "no secret: tests alone, and long enough for a signature"
    secrets = dict.fromkeys(("SECRET_KEY", "WTF_CSRF_SECRET_KEY"), secret) | dict.fromkeys(
        ("api_token.jwt.encode.secret", "api_token.jwt.decode.secret"), f"string:{secret}"
    )
    options = {
        **OPTIONS,
        **secrets,
        "sqlalchemy.url": database,
        # Documents of one core belong to the site whose id they bear.
        "solr_url": str(config["solr_url"]),
        "ckan.redis.url": str(config["ckan.redis.url"]),
        "ckan.site_id": DATABASE,
        "ckan.storage_path": str(folder),
    }
    return "\n".join(["[app:main]", *(f"{name} = {value.replace('%', '%%')}" for name, value in options.items()), ""])


def _python() -> Path:
    """A Python that has ckanext-harvest beside all that the tests have; made where it isn't there."""
    folder = settings_from_environment(os.environ).state / "stock-reader"
    pinned, stamp = _pinned(), folder / "made-from.txt"
    wanted = f"{sys.executable} {hashlib.sha256(pinned.encode()).hexdigest()}"
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        (folder / "one.txt").write_text(pinned, encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        listed = ["--no-deps", "--require-hashes", "-r", str(folder / "one.txt")]
        subprocess.run([*pip, *listed], check=True, env=child_environment())
        _beside_own(folder)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _pinned() -> str:
    """The lines of the list of packages that pin the one, with its hashes."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{PACKAGE}=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join([*lines[start : end + 1], ""])


def _beside_own(folder: Path) -> None:
    """Let the Python of a folder see what this one has, after what is its own."""
    (own,) = folder.glob("lib/python*/site-packages")
    others = [each for each in site.getsitepackages() if Path(each).is_dir()]
    lines = [f"import site; site.addsitedir({each!r})\n" for each in others]
    # The last by name, so that the namespace of the extensions begins with the folder's own.
    (own / "zz-beside.pth").write_text("".join(lines), encoding="utf-8")
