"""Style sheets and scripts that a browser asks for once: their address changes whenever they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["LastingAssets"]

# `/webassets/citizendata/f1c08bee_citizendata.css`, as webassets.yml names them by what is in them.
VERSIONED = re.compile(r"/webassets/(?:[^/]+/)*[0-9a-f]{8}_[^/]+")
FOR_EVER = "public, max-age=31536000, immutable"

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LastingAssets:
    """An application of which browsers keep the style sheets and scripts; CKAN has them asked for with every page."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not VERSIONED.fullmatch(environ.get("PATH_INFO", "")):
            return self._application(environ, start_response)

        def begin(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, _kept(headers) if status.startswith(("200", "304")) else headers, *rest)

        return self._application(environ, begin)


def _kept(headers: Headers) -> Headers:
    return [*((name, value) for name, value in headers if name.lower() != "cache-control"), ("Cache-Control", FOR_EVER)]
