"""Going round: what places answer, without what differs from answer to answer, and how two rounds compare."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from os.path import commonprefix

from ckanext.citizendata.local.browser import Browser

from . import places

ABSENT = "wuzzlyfirk"
# What is cut from the tables by a worker, and the seconds that it may take.
IN_SNAPSHOT, PATIENCE = re.compile(r"/catalog\.\w+"), 60
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)?"
    r"|/snapshot/\d+/"
    r'|name="_csrf_token"[^>]*>|nonce="[^"]*"|"(timestamp|requestId)": "[^"]*"'
)


def answers(reader: Browser, addresses: Iterable[str]) -> dict[str, str]:
    """What each address answers: status and body, without what differs from answer to answer."""

    def ask(address: str) -> str:
        # The catalogue leads into a snapshot, which is what readers of it see.
        answer = reader.get(address, allow_redirects=IN_SNAPSHOT.fullmatch(address) is not None)
        return f"{answer.status_code} {answer.headers.get('Location', '')} {CHANGING.sub('', answer.text)}"

    with ThreadPoolExecutor(3) as pool:
        addresses = list(addresses)
        return dict(zip(addresses, pool.map(ask, addresses), strict=True))


def differing(told: dict[str, str], absent: dict[str, str]) -> list[str]:
    """The places with another answer than that for what isn't there, and the first words in which they differ."""
    found = []
    for place, text in told.items():
        if text != absent[place]:
            same = len(commonprefix([text, absent[place]]))
            found.append(
                f"{place}: {text[:3]} {text[same:][:80]!r} instead of {absent[place][:3]} {absent[place][same:][:80]!r}"
            )
    return found


def at_record(reader: Browser, name: str, id_: str, resource: str) -> dict[str, str]:
    """What the addresses of a record answer; in addresses and answers its name and ids read the same for all."""
    told = answers(reader, places.of_record(name, id_, resource))
    named = {name: "NAME", id_: "ID", resource: "RESOURCE"}
    return {_renamed(place, named): _renamed(text, named) for place, text in told.items()}


def at_absent_record(reader: Browser) -> dict[str, str]:
    """The same for a record that never was."""
    return at_record(reader, ABSENT, str(uuid.uuid4()), str(uuid.uuid4()))


def at_word(reader: Browser, word: str = ABSENT) -> dict[str, str]:
    """What is answered to who looks for a word, without the word itself; by default one that stands nowhere."""
    told = answers(reader, places.of_word(word))
    return {_renamed(place, {word: "WORD"}): _renamed(text, {word: "WORD"}) for place, text in told.items()}


def _renamed(text: str, names: dict[str, str]) -> str:
    for name, other in names.items():
        text = text.replace(name, other)
    return text


def lacking(reader: Browser, marks: dict[str, str]) -> list[str]:
    """The places whose answer doesn't hold the mark that is named for it, also after the time that a snapshot takes."""
    end = time.monotonic() + PATIENCE
    lacks = _lacking(reader, marks)
    # Pages of the catalogue follow within seconds; all else has to be right at once.
    while lacks and all(IN_SNAPSHOT.fullmatch(place) for place in lacks) and time.monotonic() < end:
        time.sleep(1)
        lacks = _lacking(reader, {place: marks[place] for place in lacks})
    return lacks


def _lacking(reader: Browser, marks: dict[str, str]) -> list[str]:
    told = answers(reader, marks)
    return [place for place, mark in marks.items() if mark not in told[place]]
