"""`python -m ckanext.citizendata.local demo|services …`, called by bin/demo and bin/test."""

from __future__ import annotations

import errno
import signal
import sys

import click
import psycopg2
import redis
import requests

from ckanext.citizendata.local import demo_commands, services_commands
from ckanext.citizendata.local.failure import LocalError

__all__ = ["main"]


@click.group()
def local() -> None:
    """The demo, and services for tests."""


local.add_command(demo_commands.demo)
local.add_command(services_commands.services)


def main() -> None:
    """Run the command; whatever goes wrong in the world around ends in one sentence and an exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(local.main(standalone_mode=False))
    except click.ClickException as error:
        _leave(f"{error.format_message()} See bin/demo --help.", error.exit_code)
    except LocalError as error:
        _leave(str(error), 1)
    except (requests.RequestException, psycopg2.Error, redis.RedisError) as error:
        _leave(f"A service or a site stopped answering, look at the logs and start again: {error}", 1)
    except OSError as error:
        _leave(_about_system(error), 1)
    except (click.Abort, KeyboardInterrupt):
        _leave("Interrupted: what this command started is ended again.", 130)


def _about_system(error: OSError) -> str:
    place = f" at {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{place}: make room, or set CITIZENDATA_HOME to another disk, and start again."
    if error.errno in (errno.EACCES, errno.EPERM):
        return (
            f"This user may not write{place}: run the command as the user who ran it first, or set CITIZENDATA_HOME "
            "to another folder."
        )
    return f"The system refuses something{place}: {error.strerror or error}."


def _leave(sentence: str, code: int) -> None:
    sys.stderr.write(("\r\033[K" if sys.stderr.isatty() else "") + sentence + "\n")
    sys.stderr.flush()
    sys.exit(code)


if __name__ == "__main__":
    main()
