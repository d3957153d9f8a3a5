"""PostgreSQL, Redis and Solr for the sites that are measured, in a home of their own that ends with the measurement."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg2
import redis
import requests

from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import settings_from_environment

__all__ = ["ended_in_words", "services"]

HOME = "bench"


@contextmanager
def services(sites: Sequence[str], progress: Progress) -> Iterator[Services]:
    """Running services with a core for each site; at the end they are ended and their data taken away.

    Raises LocalError where another measurement runs in the same home.
    """
    # As at a server that runs for days; what the person at the terminal says holds.
    os.environ.setdefault("CITIZENDATA_SOLR_COMPILER", "full")
    settings = settings_from_environment(os.environ)
    home = settings.home(HOME)
    home.make()
    with (home.run / "bench.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(
                f"Another measurement runs in {home.root}: wait for it, or name another folder in CITIZENDATA_HOME."
            ) from error
        found = Services(settings, home, Credentials(home), tied=True)
        try:
            found.start(sites, progress.step, durable=False)
            yield found
        finally:
            progress.step("stopping")
            found.clear([*sites, *(f"{site}_empty" for site in sites)])
            found.remove()
            progress.clear()


def ended_in_words(measure: Callable[[], None]) -> int:
    """The exit code of a measurement; what goes wrong in the world around it ends in one sentence."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        measure()
    except LocalError as error:
        return _told(str(error), 1)
    except (requests.RequestException, psycopg2.Error, redis.RedisError) as error:
        return _told(f"A service stopped answering, look at its log below CITIZENDATA_HOME: {error}", 1)
    except OSError as error:
        return _told(f"The system refuses something: {error}", 1)
    except KeyboardInterrupt:
        return _told("Interrupted: what this command started is ended again.", 130)
    return 0


def _told(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
