"""The bytes behind what a person names: a file, or an address on the web."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from ckanext.citizendata.exchange.documents import MAX_BYTES, Source
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher, Limits
from ckanext.citizendata.federation.gate import ANYWHERE

__all__ = ["source_of"]

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
AGENT = "ckanext-citizendata validate"


def source_of(name: str, limit: int = MAX_BYTES) -> Source:
    """The content of a file or of an http(s) address; raises `Unusable` for what isn't there or is too large."""
    return _fetched(name, limit) if ADDRESS.match(name) else _read(Path(name), limit)


def _fetched(url: str, limit: int) -> Source:
    try:
        with Fetcher(Limits(total=120.0, page_bytes=limit, held_bytes=limit), AGENT, ANYWHERE) as fetcher:
            answer = fetcher.get(url)
    except (SourceUnreachable, SourceMalformed) as error:
        raise Unusable(error.sentence) from error
    return Source(url, answer.body, answer.url, answer.content_type)


def _read(path: Path, limit: int) -> Source:
    try:
        if path.is_dir():
            raise Unusable(f"{path} is a folder; name the files in it")
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unusable(f"{path} is no file but a device or a pipe; save what it holds as a file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise Unusable(f"{path} is larger than {limit // 1024**2} megabytes; divide it")
        return Source(str(path), content, path.resolve().as_uri())
    except FileNotFoundError as error:
        raise Unusable(f"There is no file {path}") from error
    except OSError as error:
        raise Unusable(f"{path} can't be read: {error.strerror}") from error
