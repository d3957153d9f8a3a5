"""The text of a page as UTF-8, from its beginning as often as somebody wants to read it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from pyoxigraph import RdfFormat

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.decode import encoding_of, not_in, utf8, without_declaration

__all__ = ["Opened", "opened"]

CHUNK = 1024 * 1024

# Gives the text from its beginning.
Opened = Callable[[], BinaryIO]


def opened(answer: Answer, rdf_format: RdfFormat) -> Opened:
    """What opens the text of a page; raises `SourceMalformed` for text that isn't in the encoding that it claims.

    A small page is looked at at once, and refused for a DOCTYPE too. A large one is looked at while it is read.
    """
    if answer.file is None:
        return partial(io.BytesIO, utf8(answer, rdf_format))
    return partial(_recoded, answer, answer.file, rdf_format)


def _recoded(answer: Answer, file: BinaryIO, rdf_format: RdfFormat) -> BinaryIO:
    name, codec, mark = encoding_of(answer, rdf_format)
    file.seek(mark)
    recoder = _Recoder(file, codec, partial(not_in, name, url=answer.url))
    if rdf_format == RdfFormat.RDF_XML:
        recoder.begin(without_declaration(recoder.more()))
    return io.BufferedReader(recoder, CHUNK)


class _Recoder(io.RawIOBase):
    """A file in any encoding as UTF-8, a little at a time."""

    def __init__(self, file: BinaryIO, codec: str, refusal: Callable[..., Exception]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._refusal = refusal
        self._lines = 1
        self._ready = memoryview(b"")

    def more(self) -> str:
        """The next characters; none at the end."""
        text = ""
        while not text and (chunk := self._file.read(CHUNK)):
            text = self._decoded(chunk)
            self._lines += chunk.count(b"\n")
        return text or self._decoded(b"")

    def begin(self, text: str) -> None:
        """Give this before all that follows."""
        self._ready = memoryview(text.encode())

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As many bytes as are ready, and none at the end."""
        if not self._ready:
            self.begin(self.more())
        given = self._ready[: len(buffer)]
        self._ready = self._ready[len(given) :]
        buffer[: len(given)] = given
        return len(given)

    def _decoded(self, chunk: bytes) -> str:
        try:
            return self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = self._lines + error.object.count(b"\n", 0, error.start)
            raise self._refusal(error, line=line) from error
