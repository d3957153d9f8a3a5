"""A site of this checkout that writes a line for each request that it answers into the file `CITIZENDATA_REQUESTS`.

The access log of gunicorn stays empty: CKAN switches off all loggers that were there before its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ckanext.citizendata.local.wsgi import application as site

__all__ = ["application"]

REQUESTS = Path(os.environ["CITIZENDATA_REQUESTS"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site's answer."""

    def started(status: str, *more: Any) -> Any:
        line = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')} {status.partition(' ')[0]}\n"
        with REQUESTS.open("a", encoding="utf-8") as file:
            file.write(line)
        return start_response(status, *more)

    return site(environ, started)
