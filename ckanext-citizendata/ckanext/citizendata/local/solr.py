"""Solr: one server of this installation, or a given one; a core a site, with CKAN's own schema and our additions."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import requests

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.jars import class_path
from ckanext.citizendata.local.processes import Process
from ckanext.citizendata.local.settings import CHECKOUT, package_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ckanext.citizendata.local.settings import Home

__all__ = ["Cores", "SolrServer", "compiler", "schema_name", "write_configset"]

CONFIG = CHECKOUT / "config" / "solr"
FILES = ("solrconfig.xml", "protwords.txt", "synonyms.txt")
SECONDS = 20
# `full` indexes about five times as fast, after a minute; what lives no longer is done sooner without Java's second
# compiler.
COMPILERS = {"quick": ("-XX:TieredStopAtLevel=1",), "full": ()}


def write_configset(folder: Path) -> None:
    """Write the configuration of every core: our files, and CKAN's schema as installed with our additions.

    CKAN's schema copies `text` into itself, so that Solr splits all words of a dataset twice: a third of its work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(CONFIG / name, folder / name)
    schema = ElementTree.parse(_stock_schema())
    for copied in schema.getroot().findall("copyField[@source='text'][@dest='text']"):
        schema.getroot().remove(copied)
    schema.getroot().extend(ElementTree.parse(CONFIG / "schema-additions.xml").getroot())
    schema.write(folder / "schema.xml", encoding="utf-8", xml_declaration=True)


def compiler(environment: Mapping[str, str]) -> Sequence[str]:
    """The options by which Java compiles Solr as CITIZENDATA_SOLR_COMPILER says, `quick` where it is empty.

    Raises LocalError where that is no key of `COMPILERS`.
    """
    wish = environment.get("CITIZENDATA_SOLR_COMPILER") or "quick"
    if wish not in COMPILERS:
        raise LocalError(f"CITIZENDATA_SOLR_COMPILER is {wish!r}: say {' or '.join(COMPILERS)}.")
    return COMPILERS[wish]


def schema_name() -> str:
    """The name of the schema that the installed CKAN works with, for example `ckan-2.12`."""
    return ElementTree.parse(_stock_schema()).getroot().attrib["name"]


class SolrServer:
    """The server of this installation: Jetty and Solr in one Java process that Python starts."""

    def __init__(self, home: Home, port: int) -> None:
        self.home = home
        self.folder = home.root / "solr"
        self.port = port

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}/solr"

    def prepare(self, announce: Callable[[str], None]) -> None:
        """Fetch the jars that are missing and write the server's files."""
        jars = class_path(CONFIG / "jars.lock", announce)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "solr.xml").write_text("<solr/>\n", encoding="utf-8")
        (self.folder / "jars.json").write_text(json.dumps([str(jar) for jar in jars]), encoding="utf-8")

    def process(self) -> Process:
        """How the server runs."""
        module = "ckanext.citizendata.local.solr_server"
        command = [sys.executable, "-m", module, str(self.folder), str(self.port), *compiler(os.environ)]
        return Process(name="solr", title="Solr", is_service=True, command=command)

    def add_core(self, name: str) -> None:
        """Make the core where there is none, and give an existing one the present configuration."""
        shutil.copytree(self.home.root / "configset", self.folder / name / "conf", dirs_exist_ok=True)
        properties = self.folder / name / "core.properties"
        if not properties.exists():
            properties.write_text(f"name={name}\n", encoding="utf-8")

    def load_core(self, name: str) -> None:
        """Make the running server take up a core whose folder was made after its start."""
        (self.folder / name / "core.properties").unlink(
            missing_ok=True
        )  # else Solr takes the folder for another core's
        params = {"action": "CREATE", "name": name, "instanceDir": name}
        requests.get(f"{self.url}/admin/cores", params=params, timeout=60).raise_for_status()


class Cores:
    """The cores of one server, given or ours."""

    def __init__(self, server: str) -> None:
        self.server = server

    def url(self, core: str) -> str:
        """The core's address."""
        return f"{self.server}/{core}"

    def reachable(self) -> bool:
        """Whether the server answers."""
        try:
            return requests.get(f"{self.server}/admin/cores", params={"indexInfo": "false"}, timeout=5).ok
        except requests.RequestException:
            return False

    def check_server(self) -> None:
        """Raises LocalError where the given server can't be used."""
        if not self.reachable():
            raise LocalError(f"Solr does not answer at {self.server}: check CITIZENDATA_SOLR_URL, and that Solr runs.")

    def exists(self, core: str) -> bool:
        """Whether the server has a core of that name."""
        answer = requests.get(
            f"{self.server}/admin/cores", params={"core": core, "indexInfo": "false"}, timeout=SECONDS
        )
        return answer.ok and bool(answer.json().get("status", {}).get(core))

    def check(self, core: str, configset: Path) -> None:
        """Raises LocalError where the core isn't there or has another schema than the installed CKAN needs."""
        answer = self._ask_schema(core)
        if answer.status_code == requests.codes.not_found:
            raise LocalError(
                f"Solr at {self.server} has no core {core}: make it with `solr create -c {core} -d {configset}`, "
                "and start again."
            )
        found, needed = _name_in(answer), schema_name()
        if found != needed:
            raise LocalError(
                f"The core {core} of Solr at {self.server} has the schema {found}, but the installed CKAN needs "
                f"{needed}: make the core anew with the configuration in {configset}."
            )

    def _ask_schema(self, core: str) -> requests.Response:
        """The answer about the core's schema; a core that is still loading is waited for."""
        deadline = time.monotonic() + SECONDS
        try:
            while True:
                answer = requests.get(f"{self.url(core)}/schema/name", timeout=SECONDS)
                if answer.status_code != requests.codes.service_unavailable or time.monotonic() > deadline:
                    return answer
                time.sleep(0.1)
        except requests.RequestException as error:
            raise LocalError(
                f"Solr does not answer at {self.server}: check CITIZENDATA_SOLR_URL, and that Solr runs."
            ) from error

    def clear(self, core: str) -> None:
        """Take all documents out of the core."""
        answer = requests.post(
            f"{self.url(core)}/update", params={"commit": "true"}, json={"delete": {"query": "*:*"}}, timeout=60
        )
        answer.raise_for_status()


def _name_in(answer: requests.Response) -> str:
    try:
        return str(answer.json()["name"])
    except (ValueError, KeyError):
        return f"that it doesn't tell (HTTP {answer.status_code})"


def _stock_schema() -> Path:
    return package_folder("ckan") / "config" / "solr" / "schema.xml"
