"""Public records of made-up packages with one thing broken, each in a graph whose nodes are its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph
from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, FOAF, PROV, RDF, SKOS, VCARD, XSD
from ckanext.citizendata.core.tokens import Line, is_blank, is_iri, is_literal, lexical, lines_of, text_of, token

from .packages import DATASET, maker

__all__ = ["BREAKS", "Broken", "broken"]

TYPE = token(RDF.type)
IN_SCHEME = token(SKOS.inScheme)
SITE = "https://node.example/"
NEEDED = frozenset(
    token(predicate)
    for predicate in (
        RDF.type, DCT.title, DCT.description, DCT.temporal, DCAT.contactPoint, DCAT.accessURL, VCARD.fn, VCARD.hasEmail,
        FOAF.name, PROV.agent, CDATA.populationGroup, CDATA.indigenousData, CDATA.initiatorKind, RDF.value,
    )
)  # fmt: skip
NO_ENTRY = "<https://node.example/none>"
DATATYPES = tuple(token(XSD[name]) for name in ("string", "boolean", "date", "decimal", "duration", "anyURI"))
DATES = {token(XSD.gYear): ("23", "soon"), token(XSD.gYearMonth): ("2023-13",), token(XSD.date): ("2023-02-30", "May")}
NUMBERS = tuple(token(XSD[name]) for name in ("decimal", "nonNegativeInteger"))
# A shape looks at every statement: a hundred and fifty records shall take seconds.
MOST_LINES = 100
# What is beyond a bound, or isn't of the form that an address of its scheme has.
BEYOND = ("-1", "-0.5", "100.5", "1000000000000000000", "many")
SCHEMES = {"<mailto:": "<mailto:nobody>", "<tel:": "<tel:call>", "<http": "<ftp://files.example/a>"}


@dataclass(frozen=True, slots=True)
class Broken:
    """A record with one fault: of which kind (a key of `BREAKS`), at which statement, and the graph.

    The IRIs of its own nodes begin with `site`.
    """

    seed: int
    kind: str
    at: Line
    site: str
    iri: str
    fragment: str


# Of statements and one of them: what stands in its place; None where a break of this kind can't be made there.
Break = Callable[[Random, Sequence[Line], Line], "Sequence[Line] | None"]


def _dropped(_: Random, lines: Sequence[Line], line: Line) -> Sequence[Line] | None:
    """Nothing in the place of what nothing else says."""
    is_alone = sum(each[:2] == line[:2] for each in lines) == 1
    return () if is_alone and line[1] in NEEDED else None


def _doubled(random: Random, lines: Sequence[Line], line: Line) -> Sequence[Line] | None:
    """The statement with another value beside it that would do as well."""
    subject, predicate, value = line
    if is_literal(value):
        text, behind = lexical(value)
        other = f'"{_neighbour(text)}"{behind}'
        return (line, (subject, predicate, other))
    alike = {each[2] for each in lines if each[1] == predicate and is_iri(each[2]) and is_iri(value)} - {value}
    others = sorted(other for other in alike if other.rpartition("/")[0] == value.rpartition("/")[0])
    return (line, (subject, predicate, random.choice(others))) if others and predicate != TYPE else None


def _neighbour(text: str) -> str:
    """Another text of the same form: the last digit that isn't 0 or 1 made one less, else one sign more."""
    place = next((at for at in range(len(text) - 1, -1, -1) if text[at] in "23456789"), None)
    if place is None or not text.isascii() or '"' in text or "\\" in text or "\n" in text:
        return "1" if text.isdecimal() else "Another"
    return f"{text[:place]}{int(text[place]) - 1}{text[place + 1 :]}"


def _literal(_: Random, __: Sequence[Line], line: Line) -> Sequence[Line] | None:
    subject, predicate, value = line
    return None if is_literal(value) or predicate == TYPE else ((subject, predicate, '"Water"'),)


def _iri(_: Random, __: Sequence[Line], line: Line) -> Sequence[Line] | None:
    subject, predicate, value = line
    return ((subject, predicate, "<https://node.example/odd>"),) if is_literal(value) else None


def _datatype(random: Random, _: Sequence[Line], line: Line) -> Sequence[Line] | None:
    subject, predicate, value = line
    if not is_literal(value):
        return None
    text, behind = lexical(value)
    other = random.choice([each for each in DATATYPES if each != (behind.removeprefix("^^") or DATATYPES[0])])
    plain = value[: len(value) - len(behind)] if behind else value
    return ((subject, predicate, f"{plain}^^{other}"),)


def _outside(_: Random, lines: Sequence[Line], line: Line) -> Sequence[Line] | None:
    """An IRI of which the same is said as of the one that it replaces."""
    subject, predicate, value = line
    if not is_iri(value) or predicate == TYPE or value.startswith(f"<{SITE}"):
        return None
    said = [(NO_ENTRY, each[1], each[2]) for each in lines if each[0] == value]
    return ((subject, predicate, NO_ENTRY), *said)


def _beyond(random: Random, lines: Sequence[Line], line: Line) -> Sequence[Line] | None:
    subject, predicate, value = line
    is_listed = any(each[:2] == (value, IN_SCHEME) for each in lines)
    for begin, other in SCHEMES.items():
        if value.startswith(begin) and not is_listed and predicate != TYPE:
            return ((subject, predicate, other),)
    behind = lexical(value)[1].removeprefix("^^") if is_literal(value) else ""
    return ((subject, predicate, f'"{random.choice(BEYOND)}"^^{behind}'),) if behind in NUMBERS else None


def _no_date(random: Random, _: Sequence[Line], line: Line) -> Sequence[Line] | None:
    subject, predicate, value = line
    behind = lexical(value)[1].removeprefix("^^") if is_literal(value) else ""
    return ((subject, predicate, f'"{random.choice(DATES[behind])}"^^{behind}'),) if behind in DATES else None


BREAKS: Mapping[str, Break] = {
    "dropped": _dropped,
    "doubled": _doubled,
    "text for an IRI": _literal,
    "IRI for a text": _iri,
    "another datatype": _datatype,
    "outside the list": _outside,
    "beyond pattern or range": _beyond,
    "no date": _no_date,
}


def broken(model: Model, seed: int) -> Broken:
    """The record that a seed stands for, with a break of the kind whose turn it is.

    Only what is said of the record's own nodes is broken: descriptions of codes are shared by all records.
    """
    kinds = tuple(BREAKS)
    kind = kinds[seed % len(kinds)]
    random = Random(seed)
    while True:
        package = maker(model).package(random.getrandbits(32))
        lines = lines_of(fragment_from_package(model, package, Subject(DATASET)))
        own = [line for line in lines if is_blank(line[0]) or line[0].startswith(f"<{SITE}")]
        made = {line: given for line in own if (given := BREAKS[kind](random, lines, line)) is not None}
        if made and len(lines) <= MOST_LINES:
            # A predicate that is said often isn't broken more often.
            predicate = random.choice(sorted({line[1] for line in made}))
            at = random.choice(sorted(line for line in made if line[1] == predicate))
            return _made(seed, kind, at, [*(line for line in lines if line != at), *made[at]])


def _made(seed: int, kind: str, at: Line, lines: Sequence[Line]) -> Broken:
    place = f"https://node{seed}.example/"
    text = ntriples_from_graph(graph_from_ntriples(text_of(lines).replace(SITE, place)))
    return Broken(seed, kind, at, place, DATASET.replace(SITE, place), text)
