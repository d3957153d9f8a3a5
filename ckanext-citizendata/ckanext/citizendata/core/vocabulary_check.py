"""The rules that a code list keeps to, file by file and all together; each breach names file, concept and rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.citizendata.core.graph import Index, Subject
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCT, OWL, RDF, SKOS, VOCABULARY, XSD

__all__ = ["check_vocabularies"]

HEAD: Mapping[str, NamedNode] = {
    "dct:title": DCT.title,
    "dct:description": DCT.description,
    "dct:source": DCT.source,
    "owl:versionInfo": OWL.versionInfo,
    "dct:license": DCT.license,
    "dct:publisher": DCT.publisher,
}
COMMENTS = ("# Source:", "# Licence:")
# The languages that each entry has a label in, and what an editorial note calls one that is missing.
ASKED: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(en|English)\b"),
    "fr": re.compile(r"\b(fr|French)\b"),
    "es": re.compile(r"\b(es|Spanish)\b"),
}
EVERY_LANGUAGE = re.compile(r"\b(every language|all other languages|in a language there is none)\b")


@dataclass(frozen=True, slots=True)
class _File:
    """One list as read: `own` are the concepts that its file describes, beside those of the list that it adds to."""

    name: str
    text: str
    index: Index
    scheme: NamedNode
    members: tuple[Subject, ...]
    own: tuple[Subject, ...]
    adds: bool

    def label(self, concept: Subject) -> str:
        """What to call a concept in a problem: its code, else its IRI."""
        codes = [code.value for code in self.index.objects(concept, SKOS.notation) if isinstance(code, Literal)]
        return codes[0] if len(codes) == 1 else str(getattr(concept, "value", concept))


def check_vocabularies(texts: Mapping[str, str], shipped: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with these lists, Turtle by name; a list under the name of a shipped one adds entries to that.

    The path of a problem is `country.ttl:KEN`, or `country.ttl` where it is about the whole list.
    """
    problems: list[Problem] = []
    files: list[_File] = []
    for name in sorted(texts):
        read = _read(name, texts[name], shipped.get(name, "") if texts[name] != shipped.get(name) else "")
        if isinstance(read, Problem):
            problems.append(read)
        else:
            files.append(read)
            problems += _file_problems(read)
    others = {name: text for name, text in shipped.items() if name not in texts}
    return (*problems, *_twins(files, others))


def _read(name: str, text: str, added_to: str) -> _File | Problem:
    try:
        own = _triples(text)
        triples = [*_triples(added_to), *own]
    except SyntaxError as error:
        return _problem(name, "", "not_turtle", f"This is no Turtle that can be read: {error}.")
    index = Index(triples)
    schemes = [node for node in index.described if SKOS.ConceptScheme in index.objects(node, RDF.type)]
    if len(schemes) != 1 or not isinstance(schemes[0], NamedNode):
        message = f"There are {len(schemes)} concept schemes, where one with an IRI is needed."
        return _problem(name, "", "no_scheme", message)
    members = [node for node in index.described if _is_concept(index, node)]
    described = {triple.subject for triple in own}
    mine = tuple(node for node in members if node in described)
    return _File(name, text, index, schemes[0], tuple(members), mine, bool(added_to))


def _triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]


def _is_concept(index: Index, node: Subject) -> bool:
    typed = SKOS.Concept in index.objects(node, RDF.type)
    return typed or any(index.objects(node, predicate) for predicate in (SKOS.notation, SKOS.inScheme))


def _problem(name: str, concept: str, code: str, message: str) -> Problem:
    return Problem(f"{name}.ttl:{concept}" if concept else f"{name}.ttl", code, message)


def _file_problems(file: _File) -> Iterator[Problem]:
    if not file.adds:
        yield from _head_problems(file)
    if not file.own:
        yield _problem(file.name, "", "no_concept", "The list has no entry.")
    for concept in file.own:
        for code, message in (*_form(file, concept), *_labels(file, concept), *_links(file, concept)):
            yield _problem(file.name, file.label(concept), code, message)
    counted = Counter(file.label(concept) for concept in file.members)
    for code in sorted({file.label(concept) for concept in file.own}):
        if counted[code] > 1:
            yield _problem(file.name, code, "code_twice", f"{counted[code]} entries have this code; a code names one.")
    for concept in _in_circles(file):
        yield _problem(file.name, file.label(concept), "circle", "The entry is broader than itself, by way of others.")


def _head_problems(file: _File) -> Iterator[Problem]:
    for name, predicate in HEAD.items():
        if not file.index.objects(file.scheme, predicate):
            yield _problem(file.name, "", "head_incomplete", f"The scheme has no {name}.")
    lines = file.text.splitlines()
    for comment in COMMENTS:
        if not any(line.startswith(comment) for line in lines):
            yield _problem(file.name, "", "head_incomplete", f"No line at the top begins with “{comment}”.")
    if file.scheme.value.startswith(str(VOCABULARY)) and file.scheme != VOCABULARY[file.name]:
        message = f"The scheme is {file.scheme.value}, and the file's name says {VOCABULARY[file.name].value}."
        yield _problem(file.name, "", "other_name", message)


def _form(file: _File, concept: Subject) -> Iterator[tuple[str, str]]:
    index = file.index
    if not isinstance(concept, NamedNode):
        yield "no_iri", "The entry has no IRI."
    if SKOS.Concept not in index.objects(concept, RDF.type):
        yield "no_concept", "The entry isn't typed as skos:Concept."
    if file.scheme not in index.objects(concept, SKOS.inScheme):
        yield "not_in_scheme", f"skos:inScheme doesn't name the scheme {file.scheme.value}."
    notations = index.objects(concept, SKOS.notation)
    if len(notations) != 1:
        yield "notation", f"The entry has {len(notations)} codes (skos:notation), where one is needed."
    elif not isinstance(notations[0], Literal) or notations[0].datatype != XSD.string:
        yield "notation", "The code (skos:notation) is no plain text; put it in quotes, without language or datatype."


def _labels(file: _File, concept: Subject) -> Iterator[tuple[str, str]]:
    labels = [label for label in file.index.objects(concept, SKOS.prefLabel) if isinstance(label, Literal)]
    languages = Counter((label.language or "").lower() for label in labels)
    for language, count in sorted(languages.items()):
        if not language:
            yield "label_without_language", "A label (skos:prefLabel) has no language."
        elif count > 1:
            yield "label_twice", f"There are {count} labels in the language {language}, where one is allowed."
    if any(label.value.strip() != label.value or not label.value for label in labels):
        yield "label_blank", "A label is empty, or has blanks around it."
    others = [*file.index.objects(concept, SKOS.altLabel), *file.index.objects(concept, SKOS.hiddenLabel)]
    if {*labels} & {*others} or len({*others}) < len(others):
        yield (
            "label_twice",
            "A name is listed twice, as label and as another word for it (skos:altLabel, skos:hiddenLabel).",
        )
    missing = [language for language in ASKED if language not in languages and not _is_excused(file, language)]
    if missing:
        message = f"There is no label in {', '.join(missing)}; add it, or name the language in an editorial note"
        yield "label_missing", f"{message} (skos:editorialNote) of the scheme."


def _is_excused(file: _File, language: str) -> bool:
    notes = [note.value for note in file.index.objects(file.scheme, SKOS.editorialNote) if isinstance(note, Literal)]
    return language != "en" and any(ASKED[language].search(note) or EVERY_LANGUAGE.search(note) for note in notes)


def _links(file: _File, concept: Subject) -> Iterator[tuple[str, str]]:
    for predicate, name in ((SKOS.broader, "skos:broader"), (DCT.isReplacedBy, "dct:isReplacedBy")):
        for target in file.index.objects(concept, predicate):
            if target not in file.members:
                yield "outside", f"{name} names {getattr(target, 'value', target)}, which isn't in this list."
    if concept in file.index.objects(concept, DCT.isReplacedBy):
        yield "circle", "The entry is said to be replaced by itself."


def _in_circles(file: _File) -> Sequence[Subject]:
    """The concepts of this file that lead back to themselves, or stand below such a circle."""
    broader = {concept: {*file.index.objects(concept, SKOS.broader)} for concept in file.members}
    while free := {concept for concept, above in broader.items() if not above & broader.keys()}:
        broader = {concept: above for concept, above in broader.items() if concept not in free}
    return [concept for concept in file.own if concept in broader]


def _twins(files: Sequence[_File], others: Mapping[str, str]) -> Iterator[Problem]:
    """The IRIs that entries of several lists have: one thing is in one list."""
    homes: dict[Subject, list[str]] = {}
    for name, text in others.items():
        for concept in _members_of(text):
            homes.setdefault(concept, []).append(name)
    for file in files:
        for concept in file.members:
            homes.setdefault(concept, []).append(file.name)
    for file in files:
        for concept in file.own:
            elsewhere = sorted({*homes[concept]} - {file.name})
            if elsewhere:
                message = f"Its IRI {getattr(concept, 'value', concept)} is also in {', '.join(elsewhere)}."
                yield _problem(file.name, file.label(concept), "iri_twice", message)


def _members_of(text: str) -> Iterable[Subject]:
    index = Index(_triples(text))
    return [node for node in index.described if _is_concept(index, node)]
