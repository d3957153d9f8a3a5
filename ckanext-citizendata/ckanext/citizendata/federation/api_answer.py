"""An answer of CKAN's API -> a line of JSON for each thing that it lists, each of a bounded size and depth.

This runs in the process that parses: a page of JSON takes many times its size in memory.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from ckanext.citizendata.core.depth import shallow
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.decode import WEB_PAGE
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import Sink

__all__ = ["listed"]

# A longer thing is left out, and the answer says so; no record of a feed has so much to say.
MAX_THING = 4 * 1024 * 1024
# CKAN itself gives no more at a time.
MOST_THINGS = 1000
# Python itself refuses numbers of more than 4,300 digits, with the whole page.
LONGEST_NUMBER = 40


def listed(answer: Answer, sink: Sink) -> tuple[Problem, ...]:
    """Give `sink` numbered lines: how many things there are, then each of those that are listed here.

    0000 {"count": 3}, 0001 {"thing": …}, and 0002 {"left_out": "why"} for what has more than 60 levels or 4 MB. Raises
    `SourceMalformed` for what is no answer of CKAN's API, and for one that tells of an error.
    """
    things, count = _things(_result(answer))
    if len(things) > MOST_THINGS:
        reason = f"the answer lists more than {MOST_THINGS} things, where fewer were asked for"
        raise SourceMalformed(answer.url, reason, code="too_large")
    for number, content in enumerate(chain([{"count": count}], map(_kept, things))):
        sink.add(b"%04d %b\n" % (number, _written(content)))
    return ()


def _result(answer: Answer) -> Any:
    if WEB_PAGE.match(answer.body[:2048].lstrip()):
        raise SourceMalformed(answer.url, "this address answers a web page, not CKAN's API", code="web_page")
    try:
        # Python would look for the file of a codec that drops the mark by itself.
        text = answer.body.removeprefix(BOM_UTF8).decode("utf-8")
        document = json.loads(text, parse_int=_number, parse_constant=_nothing)
    except RecursionError as error:
        raise SourceMalformed(answer.url, "its JSON is nested too deeply", code="too_large") from error
    except ValueError as error:
        raise SourceMalformed(answer.url, f"this is no JSON: {error}") from error
    if not isinstance(document, Mapping) or "result" not in document or document.get("success") is not True:
        raise SourceMalformed(answer.url, f"this is no answer of CKAN's API{_complaint(document)}")
    return document["result"]


def _complaint(document: Any) -> str:
    error = document.get("error") if isinstance(document, Mapping) else None
    message = error.get("message") if isinstance(error, Mapping) else None
    return f"; it says: {message[:200]}" if isinstance(message, str) else ""


def _things(result: Any) -> tuple[Sequence[Any], int]:
    """What a search lists and claims to have; the whole of any other list, or the one thing that is shown."""
    if isinstance(result, Mapping) and isinstance(result.get("results"), list):
        count = result.get("count")
        return result["results"], count if type(count) is int and count >= 0 else len(result["results"])
    things = result if isinstance(result, list) else [result]
    return things, len(things)


def _kept(thing: Any) -> Mapping[str, Any]:
    if shallow(thing) is not thing:
        return {"left_out": "it is nested too deeply"}
    if len(_written(thing)) > MAX_THING:
        return {"left_out": f"it has more than {MAX_THING // 1024**2} MB"}
    return {"thing": thing}


def _written(content: Any) -> bytes:
    """One line, since JSON escapes each line break, and all of it ASCII."""
    return json.dumps(content).encode()


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _nothing(_name: str) -> None:
    """In the place of NaN and Infinity, which are no JSON."""
