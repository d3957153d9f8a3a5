"""What a request for RDF is answered, before it is put into HTTP or an action's result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import ckan.plugins.toolkit as tk

from ckanext.citizendata.feeds.rendering import Rendering

__all__ = ["Answer", "Damaged", "refusal"]


class Damaged(tk.ValidationError):
    """What is stored can't be rendered: an action refuses with it, an address answers 500 with its sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__({"id": [sentence]})
        self.sentence = sentence


@dataclass(frozen=True)
class Answer:
    """A status with either something to render or a sentence for the reader.

    `render` is called only for a reader who doesn't have `revision` yet, and may raise `Damaged`; `private` is for this
    reader's eyes only. `modified` is given where a date tells two states apart, `links` are values of `Link` headers.
    """

    status: int
    render: Callable[[], Rendering] | None = None
    sentence: str = ""
    revision: str = ""
    private: bool = False
    modified: datetime | None = None
    links: tuple[str, ...] = ()


def refusal(status: int, sentence: str) -> Answer:
    """An answer that is a sentence."""
    return Answer(status, sentence=sentence)
