"""Connections to the very addresses that were checked, which end when their time is over."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from ckanext.citizendata.federation.gate import Gate

__all__ = ["Clock", "GuardedAdapter"]


class Clock:
    """The time that the page being read has left; set anew for each."""

    def __init__(self, idle: float) -> None:
        self._idle = idle
        self._end = 0.0

    def set(self, seconds: float) -> None:
        """Give the next page this many seconds."""
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left; 0 when there are none."""
        return max(0.0, self._end - time.monotonic())

    def next_byte(self) -> float:
        """The seconds to wait for the next byte. Raises `TimeoutError` where none are left."""
        left = self.left
        if not left:
            raise TimeoutError("the time of the page is over")
        return min(self._idle, left)


class GuardedAdapter(HTTPAdapter):
    """Lets `requests` connect through a gate; proxies, which would connect by themselves, are refused."""

    def __init__(self, gate: Gate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools out of connections that pass the gate."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._gate, self._clock)

    def proxy_manager_for(self, proxy: str, **_: Any) -> urllib3.ProxyManager:
        """Raise `ValueError`: what a proxy connects to can't be checked here."""
        raise ValueError(f"harvests don't go through a proxy, as {proxy} is")


def _pools(gate: Gate, clock: Clock) -> dict[str, type[HTTPConnectionPool]]:
    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Timely(self.fp.detach(), sock, clock))

    class Plain(HTTPConnection):
        response_class = Response

        def _new_conn(self) -> socket.socket:
            return _connected(self, gate)

    class Encrypted(HTTPSConnection):
        response_class = Response

        def _new_conn(self) -> socket.socket:
            return _connected(self, gate)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType] - as urllib3's own classes

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted  # pyright: ignore[reportAssignmentType] - as urllib3's own classes

    return {"http": PlainPool, "https": EncryptedPool}


def _connected(connection: HTTPConnection, gate: Gate) -> socket.socket:
    """A connection to the first address that answers of those that the gate opens; no name is looked up again."""
    failure: OSError | None = None
    try:
        for address in gate.ways(connection.host, connection.port or 0):
            try:
                way = (str(address), connection.port or 0)
                return create_connection(way, connection.timeout, socket_options=connection.socket_options)
            except OSError as error:
                failure = error
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "no address of the host answered in time") from failure
    raise NewConnectionError(connection, f"no address of the host answers: {failure}") from failure


class _Timely(io.RawIOBase):
    """A stream that waits for no byte longer than the clock allows, be it in headers, chunks or body."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, clock: Clock) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._clock = clock

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        """As the stream below."""
        self._sock.settimeout(self._clock.next_byte())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the stream below too."""
        self._raw.close()
        super().close()
