"""What a request for RDF is answered, before it is put into HTTP or an action's result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.citizendata.feeds.rendering import Rendering

__all__ = ["Answer", "refusal"]


@dataclass(frozen=True)
class Answer:
    """A status with either something to render or a sentence for the reader.

    `render` is called only for a reader who doesn't have `revision` yet; `private` is for this reader's eyes only.
    """

    status: int
    render: Callable[[], Rendering] | None = None
    sentence: str = ""
    revision: str = ""
    private: bool = False


def refusal(status: int, sentence: str) -> Answer:
    """An answer that is a sentence."""
    return Answer(status, sentence=sentence)
