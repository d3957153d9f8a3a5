"""The rules of a code list, each broken once."""

from __future__ import annotations

import pytest

from ckanext.citizendata import vocabularies
from ckanext.citizendata.core.vocabulary_check import check_vocabularies

PREFIXES = """\
# Source: a list of ours.
# Licence: CC BY 4.0.
@prefix : <https://w3id.org/citizen-data/vocabulary/colour/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SCHEME = """\
<https://w3id.org/citizen-data/vocabulary/colour> a skos:ConceptScheme ; dct:title "Colours"@en ;
    dct:description "Colours."@en ; dct:source <https://example.org/> ; owl:versionInfo "1" ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> ; dct:publisher <https://example.org/us> .
"""
IN = "skos:inScheme <https://w3id.org/citizen-data/vocabulary/colour>"
LABELS = 'skos:prefLabel "Red"@en , "Rouge"@fr , "Rojo"@es'
RED = f':red a skos:Concept ; {IN} ; skos:notation "red" ; {LABELS} .\n'
BLUE = f':blue a skos:Concept ; {IN} ; skos:notation "blue" ; skos:prefLabel "Blue"@en , "Bleu"@fr , "Azul"@es .\n'
GOOD = PREFIXES + SCHEME + RED + BLUE


def codes(text: str, **others: str) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check_vocabularies({"colour": text}, others)]


class TestCheckVocabularies:
    def test_finds_nothing_in_a_sound_list(self) -> None:
        """The pattern of the documentation."""
        assert codes(GOOD) == []

    def test_finds_nothing_in_the_shipped_lists(self) -> None:
        """All together."""
        shipped = {name: vocabularies.read(name) for name in vocabularies.names()}
        assert check_vocabularies(shipped, shipped) == ()

    @pytest.mark.parametrize(
        ("right", "wrong", "path", "code"),
        [
            (GOOD, "not Turtle", "colour.ttl", "not_turtle"),
            ("a skos:ConceptScheme", "a skos:Collection", "colour.ttl", "no_scheme"),
            ("<https://w3id.org/citizen-data/vocabulary/colour> a", "[] a", "colour.ttl", "no_scheme"),
            (RED + BLUE, "", "colour.ttl", "no_concept"),
            ('owl:versionInfo "1" ;', "", "colour.ttl", "head_incomplete"),
            ("# Source: a list of ours.\n", "", "colour.ttl", "head_incomplete"),
            (
                'skos:notation "red" ; ',
                "",
                "colour.ttl:https://w3id.org/citizen-data/vocabulary/colour/red",
                "notation",
            ),
            ('skos:notation "red"', 'skos:notation "red"@en', "colour.ttl:red", "notation"),
            ('skos:notation "red"', "skos:notation 5", "colour.ttl:5", "notation"),
            ('skos:notation "blue"', 'skos:notation "red"', "colour.ttl:red", "code_twice"),
            (":red a skos:Concept ;", ":red", "colour.ttl:red", "no_concept"),
            (":red a skos:Concept ;", "[] a skos:Concept ;", "colour.ttl:red", "no_iri"),
            (f'{IN} ; skos:notation "red"', 'skos:notation "red"', "colour.ttl:red", "not_in_scheme"),
            ('"Rouge"@fr', '"Rouge"@fr , "Vermeil"@fr', "colour.ttl:red", "label_twice"),
            ('"Rouge"@fr', '"Rouge"@fr , "Red"', "colour.ttl:red", "label_without_language"),
            ('"Rouge"@fr', '" Rouge "@fr', "colour.ttl:red", "label_blank"),
            (LABELS, f'{LABELS} ; skos:altLabel "Rojo"@es', "colour.ttl:red", "label_twice"),
            (LABELS, f'{LABELS} ; skos:hiddenLabel "Rojo"@es', "colour.ttl:red", "label_twice"),
            (
                LABELS,
                f'{LABELS} ; skos:altLabel "Scarlet"@en ; skos:hiddenLabel "Scarlet"@en',
                "colour.ttl:red",
                "label_twice",
            ),
            (', "Rouge"@fr', "", "colour.ttl:red", "label_missing"),
            (LABELS, f"{LABELS} ; skos:broader :green", "colour.ttl:red", "outside"),
            (LABELS, f'{LABELS} ; skos:broader "blue"', "colour.ttl:red", "outside"),
            (LABELS, f"{LABELS} ; skos:broader :red", "colour.ttl:red", "circle"),
            (LABELS, f"{LABELS} ; dct:isReplacedBy :green", "colour.ttl:red", "outside"),
            (LABELS, f"{LABELS} ; dct:isReplacedBy :red", "colour.ttl:red", "circle"),
        ],
    )
    def test_names_the_rule_and_the_entry(self, right: str, wrong: str, path: str, code: str) -> None:
        """One breach, one problem of its code; what follows from it may be told too."""
        assert right in GOOD
        assert (path, code) in codes(GOOD.replace(right, wrong))

    def test_asks_for_the_name_of_the_file(self) -> None:
        """Where the scheme is one of ours."""
        problems = check_vocabularies({"colours": GOOD}, {})
        assert [(problem.path, problem.code) for problem in problems] == [("colours.ttl", "other_name")]

    @pytest.mark.parametrize("note", ["No source has fr.", "No French labels yet.", "English for every language."])
    def test_lets_a_marked_list_miss_labels(self, note: str) -> None:
        """But not English ones."""
        marked = GOOD.replace('dct:title "Colours"@en', f'dct:title "Colours"@en ; skos:editorialNote "{note}"@en')
        assert codes(marked.replace(', "Rouge"@fr', "")) == []
        assert codes(marked.replace('"Red"@en , ', "")) == [("colour.ttl:red", "label_missing")]

    def test_finds_one_iri_in_two_lists(self) -> None:
        """In both of them, and against what is shipped."""
        other = GOOD.replace("vocabulary/colour>", "vocabulary/paint>")
        both = check_vocabularies({"colour": GOOD, "paint": other}, {})
        assert {(problem.path, problem.code) for problem in both} == {
            (f"{name}.ttl:{code}", "iri_twice") for name in ("colour", "paint") for code in ("red", "blue")
        }
        assert [code for _, code in codes(GOOD, paint=other)] == ["iri_twice", "iri_twice"]

    def test_takes_additions_to_a_shipped_list(self) -> None:
        """They need no head; only what they add is checked, with the codes of the whole list."""
        assert codes(PREFIXES + RED, colour=PREFIXES + SCHEME + BLUE) == []
        twin = RED.replace(":red a", ":rouge a").replace('"red"', '"blue"')
        assert codes(PREFIXES + twin, colour=PREFIXES + SCHEME + BLUE) == [("colour.ttl:blue", "code_twice")]
