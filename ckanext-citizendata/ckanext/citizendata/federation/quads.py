"""A page of N-Quads with one record in each graph -> the records, apart from each other.

This runs in the process that parses (`parser_process`), as `parse` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pyoxigraph import Quad, Triple

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.apart import Apart, TooManyParts
from ckanext.citizendata.federation.decode import format_of
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import Write, as_it_is, malformed, quads_of, rdf_12, well_formed
from ckanext.citizendata.federation.text import opened

__all__ = ["records_parsed"]

# No record has more: what doesn't fit into a part is left out, and its page is read all the same.
MOST_RECORD = 8 * 1024 * 1024


def records_parsed(answer: Answer, records: Apart) -> tuple[Problem, ...]:
    """Give the records of a fetched page to `records`, and back what was wrong but could be read all the same.

    Raises `SourceMalformed` as `parse.parsed` does, for a record whose lines don't stand together, and for records that
    contradict each other in too many ways.
    """
    rdf_format = format_of(answer)
    text = opened(answer, rdf_format)
    try:
        return _carried(quads_of(text(), rdf_format, answer.url), answer.url, records, well_formed)
    except SyntaxError as error:
        strict = malformed(error, text, rdf_format, answer.url)
    records.forget()
    try:
        problems = _carried(quads_of(text(), rdf_format, answer.url, lenient=True), answer.url, records, as_it_is)
    except SyntaxError:
        raise strict from None
    return Problem(answer.url, "imperfect_rdf", f"{strict.sentence} (it was read all the same)", "warning"), *problems


def _carried(quads: Iterator[Quad], url: str, records: Apart, write: Write) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    ended: set[str] = set()
    for graph, lines in groupby(quads, key=lambda quad: quad.graph_name):
        name = str(graph)
        if name in ended:
            raise SourceMalformed(url, f"the lines of the record {name} don't stand together")
        ended.add(name)
        triples = [quad.triple for quad in lines]
        plain = [triple for triple in triples if not isinstance(triple.object, Triple)]
        problems += [rdf_12(url)] if len(plain) < len(triples) else []
        problems += _added(name, write(plain), url, records)
    return tuple(dict.fromkeys(problems))


def _added(name: str, record: bytes, url: str, records: Apart) -> list[Problem]:
    if len(record) > MOST_RECORD:
        message = f"The record {name} was left out: it has more than {MOST_RECORD // 1024**2} MB"
        return [Problem(url, "left_out", message, "warning")]
    try:
        records.add(record)
    except TooManyParts as error:
        reason = "its records contradict each other in too many ways; ask for smaller pages"
        raise SourceMalformed(url, reason, code="too_costly") from error
    return []
