"""Code lists: SKOS concept schemes as immutable values, looked up by code, IRI and language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.graph import Index, Node, Subject
from ckanext.citizendata.core.terms import CDATA, DCT, RDF, SKOS

__all__ = ["Concept", "Vocabulary", "VocabularyError", "language_chain", "vocabulary_from_turtle"]

LAST_RESORT = "en"


class VocabularyError(ValueError):
    """A vocabulary file that can't be used; the message names the vocabulary, the concept and the fault."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a list; texts by language tag in lower case.

    `hidden_labels` find the concept as `alt_labels` do and are told to nobody: words that hurt, which people type all
    the same. `broader` are codes of the same list; `replaced_by` is the code that took this one's place; `written` is
    False for an entry that is kept in packages but makes no statement in RDF (`cdata:notWritten true`).
    """

    code: str
    iri: str
    labels: Mapping[str, str] = field(hash=False)
    alt_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    hidden_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    broader: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict, hash=False)
    exact_matches: tuple[str, ...] = ()
    broad_matches: tuple[str, ...] = ()
    replaced_by: str | None = None
    order: int = 0
    written: bool = True

    def other_names(self) -> Iterator[tuple[str, str]]:
        """Each name that is no label with its language, hidden ones last."""
        for names in (self.alt_labels, self.hidden_labels):
            yield from ((tag, name) for tag, known in names.items() for name in known)


@dataclass(frozen=True)
class Vocabulary:
    """A list of concepts in display order; `iri` is the scheme's."""

    name: str
    iri: str
    titles: Mapping[str, str] = field(hash=False)
    concepts: tuple[Concept, ...]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts)

    def __len__(self) -> int:
        return len(self.concepts)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes in display order."""
        return tuple(self._by_code)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each code in display order, from 0."""
        return {code: place for place, code in enumerate(self.codes)}

    def by_code(self, code: str) -> Concept | None:
        """The concept of that code, or None; codes are case-sensitive."""
        return self._by_code.get(code)

    def by_iri(self, iri: str) -> Concept | None:
        """The concept of that IRI, or None.

        Also found: an IRI that exactly one concept declares as `skos:exactMatch`, and the same IRI by http instead of
        https or the other way. An IRI of the list itself always wins.
        """
        return self._by_iri.get(iri) or self._by_iri.get(_other_scheme(iri))

    def by_label(self, text: str, language: str | None = None) -> Concept | None:
        """The concept that people call so, in whatever language, capitals and accents; None where there is none.

        Of several the one called so in `language` (its base, in English), by a label before other names, and what is
        current before what was replaced.
        """
        claims = self._by_name.get(folded(text), ())
        tags = language_chain(language) if language else ()
        own = (code for wish in tags for tag, code in claims if tag == wish)
        return self._by_code.get(next(own, claims[0][1] if claims else ""))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above one in the list, the closest first; none for a code that isn't in it."""
        found: dict[str, None] = {}
        waiting = [code]
        while waiting:
            concept = self._by_code.get(waiting.pop(0))
            above = [each for each in (concept.broader if concept else ()) if each not in found and each != code]
            found |= dict.fromkeys(above)
            waiting += above
        return tuple(found)

    def current(self, code: str) -> str:
        """The code that stands for this one today: the last in the row of replacements, else the code itself."""
        seen = {code}
        while (concept := self._by_code.get(code)) and concept.replaced_by and concept.replaced_by not in seen:
            code = concept.replaced_by
            seen.add(code)
        return code

    def label(self, code: str, language: str) -> str:
        """The text for a reader: in `language`, in its base (`pt` for `pt_BR`), in English, the code made readable."""
        return self.label_and_language(code, language)[0]

    def label_and_language(self, code: str, language: str) -> tuple[str, str]:
        """The text of `label` and the language that it is in; no language (`""`) for a code made readable."""
        concept = self._by_code.get(code)
        found = _best(concept.labels, language) if concept else None
        return found or (_readable(code), "")

    @cached_property
    def _by_code(self) -> Mapping[str, Concept]:
        return {concept.code: concept for concept in self.concepts}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The language and code of each name, in the order of `by_label`."""
        names: dict[str, list[tuple[str, str]]] = {}
        for concept in sorted(self.concepts, key=lambda known: known.replaced_by is not None):
            for tag, label in concept.labels.items():
                names.setdefault(folded(label), []).append((tag, concept.code))
        for concept in self.concepts:
            for tag, name in concept.other_names():
                names.setdefault(folded(name), []).append((tag, concept.code))
        return {name: tuple(claims) for name, claims in names.items()}

    @cached_property
    def _by_iri(self) -> Mapping[str, Concept]:
        claims = Counter(iri for concept in self.concepts for iri in concept.exact_matches)
        matches = {iri: concept for concept in self.concepts for iri in concept.exact_matches if claims[iri] == 1}
        return matches | {concept.iri: concept for concept in self.concepts}


def language_chain(language: str) -> tuple[str, ...]:
    """The tags to try for a reader of `language`, best first: `zh_Hans_CN` gives zh-hans-cn, zh-hans, zh, en."""
    parts = language.replace("_", "-").lower().split("-")
    own = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return tuple(dict.fromkeys((*own, LAST_RESORT)))


def vocabulary_from_turtle(name: str, text: str) -> Vocabulary:
    """The vocabulary that a Turtle file with one `skos:ConceptScheme` describes.

    Display order is the order of the file, or `cdata:order` where given. Raises `VocabularyError` for text that isn't
    Turtle, no or several schemes, a concept without notation or label, a notation used twice, and a `broader` outside
    the list.
    """
    index = Index(_triples(name, text))
    schemes = [node for node in index.described if index.value(node, RDF.type) == SKOS.ConceptScheme]
    if len(schemes) != 1:
        raise VocabularyError(f"vocabulary {name}: {len(schemes)} concept schemes, where one is needed")
    scheme = schemes[0]
    members = [node for node in index.described if scheme in index.objects(node, SKOS.inScheme)]
    codes = {member: _code(name, index, member) for member in members}
    _refuse_twins(name, codes)
    concepts = [_concept(name, index, member, codes, place) for place, member in enumerate(codes)]
    titles = {language: texts[0] for language, texts in _texts(index, scheme, DCT.title).items()}
    return Vocabulary(name, scheme.value, MappingProxyType(titles), tuple(sorted(concepts, key=lambda c: c.order)))


def _triples(name: str, text: str) -> list[Triple]:
    try:
        return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise VocabularyError(f"vocabulary {name}: not Turtle: {error}") from error


def _code(name: str, index: Index, member: Subject) -> str:
    notations = [n.value for n in index.objects(member, SKOS.notation) if isinstance(n, Literal)]
    if len(notations) != 1:
        raise VocabularyError(f"vocabulary {name}: {member} has {len(notations)} notations, where one is needed")
    return notations[0]


def _refuse_twins(name: str, codes: Mapping[Subject, str]) -> None:
    twins = sorted(code for code, count in Counter(codes.values()).items() if count > 1)
    if twins:
        raise VocabularyError(f"vocabulary {name}: several concepts have the notation {', '.join(twins)}")


def _concept(name: str, index: Index, member: Subject, codes: Mapping[Subject, str], place: int) -> Concept:
    labels = {language: texts[0] for language, texts in _texts(index, member, SKOS.prefLabel).items()}
    if not labels:
        raise VocabularyError(f"vocabulary {name}: {codes[member]} has no label")
    definitions = {language: texts[0] for language, texts in _texts(index, member, SKOS.definition).items()}
    replacements = _codes_of(name, index.objects(member, DCT.isReplacedBy), codes)
    return Concept(
        code=codes[member],
        iri=member.value,
        labels=MappingProxyType(labels),
        alt_labels=MappingProxyType(_texts(index, member, SKOS.altLabel)),
        hidden_labels=MappingProxyType(_texts(index, member, SKOS.hiddenLabel)),
        broader=_codes_of(name, index.objects(member, SKOS.broader), codes),
        definitions=MappingProxyType(definitions),
        exact_matches=_iris(index.objects(member, SKOS.exactMatch)),
        broad_matches=_iris(index.objects(member, SKOS.broadMatch)),
        replaced_by=replacements[0] if replacements else None,
        order=_order(index.value(member, CDATA.order), place),
        written=index.value(member, CDATA.notWritten) != Literal(True),
    )


def _texts(index: Index, subject: Subject, predicate: NamedNode) -> dict[str, tuple[str, ...]]:
    """The texts by language, in the order of the file."""
    texts: dict[str, tuple[str, ...]] = {}
    for triple in index.statements(subject):
        text = triple.object
        if triple.predicate == predicate and isinstance(text, Literal):
            language = (text.language or "").lower()
            texts[language] = (*texts.get(language, ()), text.value)
    return texts


def _codes_of(name: str, nodes: tuple[Node, ...], codes: Mapping[Subject, str]) -> tuple[str, ...]:
    outside = [str(node) for node in nodes if node not in codes]
    if outside:
        raise VocabularyError(f"vocabulary {name}: {', '.join(outside)} is named but isn't in the list")
    return tuple(codes[node] for node in nodes if not isinstance(node, Literal))


def _iris(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(node.value for node in nodes if isinstance(node, NamedNode))


def _order(stated: Node | None, place: int) -> int:
    return int(stated.value) if isinstance(stated, Literal) else place


def _best(texts: Mapping[str, str], language: str) -> tuple[str, str] | None:
    return next(((texts[tag], tag) for tag in language_chain(language) if tag in texts), None)


def _other_scheme(iri: str) -> str:
    if iri.startswith("http://"):
        return "https://" + iri.removeprefix("http://")
    return "http://" + iri.removeprefix("https://")


def _readable(code: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code.replace("_", " ").replace("-", " ").replace(".", ": ")).strip()
    return words[:1].upper() + words[1:] if words else code
