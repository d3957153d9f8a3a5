"""The text of a page of a feed, cut into the statements of its records; nothing of it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.citizendata.core.terms import CDATA, DCT, FOAF

__all__ = ["datasets_of_page", "is_grave", "listed_on", "records_of_page", "topic_of"]

END = " .\n"
# What is behind the IRI of a graph.
CLOSED = "> ."
TITLE = DCT.title.value
TOMBSTONE = CDATA.tombstone.value
TOPIC = FOAF.primaryTopic.value
IRI = re.compile(r"<([^<> ]*)>")
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# Escapes of N-Quads for what nobody sees.
UNSEEN = re.compile(r"\\[tnrbf]|\s")


def records_of_page(page: str) -> Iterator[tuple[str, str]]:
    """The IRI of each catalogue record with its statements as N-Triples; lines of one record stand together.

    `<s> <p> "o" <https://site/record/1> .` -> `("https://site/record/1", '<s> <p> "o" .')`
    """
    graph, statements = "", []
    for line in page.split("\n"):
        # A pattern for the graph at the end of each line would take a hundred times as long.
        if not (graph and line.endswith(graph)):
            if statements:
                yield graph[2 : -len(CLOSED)], "".join(statements)
            graph, statements = line[line.rfind(" <") :] if line else "", []
        if line:
            statements.append(f"{line[: -len(graph)]}{END}")
    if statements:
        yield graph[2 : -len(CLOSED)], "".join(statements)


def datasets_of_page(page: str) -> Iterator[tuple[str, str]]:
    """The IRI of each dataset with a title, and the statements of its record as N-Triples."""
    for record, text in records_of_page(page):
        topic = None if is_grave(record, text) else _titled(record, text)
        if topic is not None:
            yield topic, text


def listed_on(page: str) -> int:
    """How many datasets with a title, and tombstones, a page has."""
    return sum(is_grave(record, text) or _titled(record, text) is not None for record, text in records_of_page(page))


def is_grave(record: str, text: str) -> bool:
    """Whether the statements of a record say that its dataset is gone."""
    return next(_objects(text, record, TOMBSTONE), None) is not None


def topic_of(record: str, text: str) -> str | None:
    """The IRI of the dataset that a record is about."""
    place = next(_objects(text, record, TOPIC), None)
    topic = None if place is None else IRI.match(text, place)
    return topic[1] if topic else None


def _titled(record: str, text: str) -> str | None:
    """The IRI of the dataset, None where it has no title that anybody could see."""
    topic = topic_of(record, text)
    titles = (TEXT.match(text, each) for each in _objects(text, topic, TITLE)) if topic else ()
    return topic if any(title and UNSEEN.sub("", title[1]) for title in titles) else None


def _objects(text: str, subject: str, predicate: str) -> Iterator[int]:
    """Where the objects of the statements begin that say this of that."""
    start = f"<{subject}> <{predicate}> "
    at = -1
    while (at := text.find(start, at + 1)) >= 0:
        if at == 0 or text[at - 1] == "\n":
            yield at + len(start)
