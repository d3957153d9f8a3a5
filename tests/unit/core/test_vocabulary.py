from __future__ import annotations

import dataclasses

import pytest

from ckanext.citizendata.core.vocabulary import (
    Vocabulary,
    VocabularyError,
    language_chain,
    vocabulary_from_turtle,
)

HEAD = """
@prefix : <https://example.org/colour/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
<https://example.org/colour> a skos:ConceptScheme ; dct:title "Colours"@en , "Couleurs"@fr .
"""
IN = "a skos:Concept ; skos:inScheme <https://example.org/colour> ;"
COLOURS = f"""{HEAD}
:red {IN} skos:notation "red" ; skos:prefLabel "Red"@en , "Rouge"@fr , "Vermelho"@PT ;
    skos:altLabel "scarlet"@en , "crimson"@en , "vermeil"@fr ; skos:hiddenLabel "bloody"@en ;
    skos:definition "Like blood."@en ;
    skos:exactMatch <http://other.example/rouge> ; skos:broadMatch <http://other.example/warm> .
:pink {IN} skos:notation "pink" ; skos:prefLabel "Pink"@en ; skos:broader :red ;
    skos:exactMatch <http://other.example/pinkish> .
:rose {IN} skos:notation "rose" ; skos:prefLabel "Rose"@en ; skos:broader :pink ;
    skos:exactMatch <http://other.example/pinkish> .
:old {IN} skos:notation "old_pink" ; skos:prefLabel "Altrosa"@de ; dct:isReplacedBy :pink .
:unknown {IN} skos:notation "unknown" ; skos:prefLabel "Not known"@en ; cdata:notWritten true .
:first {IN} skos:notation "first" ; skos:prefLabel "First"@en ; cdata:order -1 .
"""


@pytest.fixture(scope="module")
def colours() -> Vocabulary:
    return vocabulary_from_turtle("colour", COLOURS)


class TestVocabularyFromTurtle:
    def test_reads_every_part_of_a_concept(self, colours: Vocabulary) -> None:
        """Labels, synonyms, definition and mappings arrive; language tags in lower case, texts in the file's order."""
        red = colours.by_code("red")
        assert red is not None
        assert red.iri == "https://example.org/colour/red"
        assert red.labels == {"en": "Red", "fr": "Rouge", "pt": "Vermelho"}
        assert red.alt_labels == {"en": ("scarlet", "crimson"), "fr": ("vermeil",)}
        assert red.hidden_labels == {"en": ("bloody",)}
        assert [*red.other_names()][-1] == ("en", "bloody")
        assert red.definitions == {"en": "Like blood."}
        assert red.exact_matches == ("http://other.example/rouge",)
        assert red.broad_matches == ("http://other.example/warm",)

    def test_order_is_the_files_unless_stated(self, colours: Vocabulary) -> None:
        """Concepts keep the order of the file; cdata:order moves one."""
        assert colours.codes == ("first", "red", "pink", "rose", "old_pink", "unknown")

    def test_knows_replacement_hierarchy_and_what_is_not_written(self, colours: Vocabulary) -> None:
        """Relations inside the list become codes."""
        by_code = {concept.code: concept for concept in colours}
        assert by_code["old_pink"].replaced_by == "pink"
        assert by_code["pink"].broader == ("red",)
        assert [code for code, concept in by_code.items() if not concept.written] == ["unknown"]

    def test_is_immutable(self, colours: Vocabulary) -> None:
        """Neither a concept nor its labels can be changed; a concept can be a key."""
        red = colours.concepts[1]
        with pytest.raises(dataclasses.FrozenInstanceError):
            red.code = "x"  # type: ignore[misc]
        with pytest.raises(TypeError):
            red.labels["en"] = "x"  # type: ignore[index]
        assert red in {red}

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("nonsense", "not Turtle"),
            ("", "0 concept schemes"),
            (f"{HEAD} <https://example.org/b> a skos:ConceptScheme .", "2 concept schemes"),
            (f'{HEAD} :a {IN} skos:prefLabel "A"@en .', "0 notations"),
            (f'{HEAD} :a {IN} skos:notation "a" , "b" ; skos:prefLabel "A"@en .', "2 notations"),
            (f'{HEAD} :a {IN} skos:notation "a" .', "a has no label"),
            (
                f'{HEAD} :a {IN} skos:notation "x"; skos:prefLabel "A"@en . :b {IN} skos:notation "x" .',
                "the notation x",
            ),
            (f'{HEAD} :a {IN} skos:notation "a" ; skos:prefLabel "A"@en ; skos:broader :z .', "isn't in the list"),
        ],
    )
    def test_names_what_is_wrong_with_a_file(self, text: str, fault: str) -> None:
        """An unusable file raises an error with the vocabulary's name and the fault."""
        with pytest.raises(VocabularyError, match=fault) as error:
            vocabulary_from_turtle("colour", text)
        assert str(error.value).startswith("vocabulary colour: ")


class TestByCode:
    def test_unknown_code_is_none(self, colours: Vocabulary) -> None:
        """Nothing found is None; codes are case-sensitive."""
        assert colours.by_code("Red") is None
        assert "red" in colours
        assert "Red" not in colours
        assert len(colours) == 6


class TestByIri:
    @pytest.mark.parametrize(
        ("iri", "code"),
        [
            ("https://example.org/colour/red", "red"),
            ("http://example.org/colour/red", "red"),
            ("http://other.example/rouge", "red"),
            ("https://other.example/rouge", "red"),
        ],
    )
    def test_finds_own_iris_and_exact_matches(self, colours: Vocabulary, iri: str, code: str) -> None:
        """A concept is found by its IRI and its exact match, by http or https."""
        concept = colours.by_iri(iri)
        assert concept is not None
        assert concept.code == code

    @pytest.mark.parametrize("iri", ["http://other.example/warm", "http://other.example/pinkish", "red", ""])
    def test_never_guesses(self, colours: Vocabulary, iri: str) -> None:
        """A broader match, a match that two concepts claim, and anything else find nothing."""
        assert colours.by_iri(iri) is None


class TestByLabel:
    @pytest.mark.parametrize(
        ("text", "language", "code"),
        [
            ("RED ", None, "red"),
            ("Róuge", None, "red"),
            ("scarlet", None, "red"),
            ("vermeil", "fr", "red"),
            ("rouge", "en", "red"),
            ("altrosa", None, "old_pink"),
        ],
    )
    def test_finds_any_name(self, colours: Vocabulary, text: str, language: str | None, code: str) -> None:
        """Labels and other names, in any language, whatever capitals and accents."""
        concept = colours.by_label(text, language)
        assert concept is not None
        assert concept.code == code

    @pytest.mark.parametrize("text", ["", "green", "https://example.org/colour/red"])
    def test_finds_nothing_else(self, colours: Vocabulary, text: str) -> None:
        """Nothing found is None."""
        assert colours.by_label(text) is None

    @pytest.mark.parametrize(
        ("language", "code"), [(None, "chat"), ("fr", "cat"), ("fr_CA", "cat"), ("en", "chat"), ("sw", "chat")]
    )
    def test_several_of_one_name(self, language: str | None, code: str) -> None:
        """The reader's language first, then English; today's labels before old ones, and these before other names."""
        text = f"""{HEAD}
            :was {IN} skos:notation "was" ; skos:prefLabel "Chat"@en ; dct:isReplacedBy :chat .
            :talk {IN} skos:notation "talk" ; skos:prefLabel "Talk"@en ; skos:altLabel "chat"@en .
            :chat {IN} skos:notation "chat" ; skos:prefLabel "Chat"@en .
            :cat {IN} skos:notation "cat" ; skos:prefLabel "Cat"@en , "Chat"@fr ."""
        concept = vocabulary_from_turtle("colour", text).by_label("chat", language)
        assert concept is not None
        assert concept.code == code


class TestAncestors:
    @pytest.mark.parametrize(
        ("code", "above"), [("rose", ("pink", "red")), ("pink", ("red",)), ("red", ()), ("green", ())]
    )
    def test_go_up_step_by_step(self, colours: Vocabulary, code: str, above: tuple[str, ...]) -> None:
        """All codes above, the closest first."""
        assert colours.ancestors(code) == above

    def test_end_in_a_circle(self) -> None:
        """Two concepts above each other are above each other, and that is all; a way up by two sides is told once."""
        text = f"""{HEAD}
            :a {IN} skos:notation "a" ; skos:prefLabel "A"@en ; skos:broader :b , :c .
            :b {IN} skos:notation "b" ; skos:prefLabel "B"@en ; skos:broader :a , :d .
            :c {IN} skos:notation "c" ; skos:prefLabel "C"@en ; skos:broader :d .
            :d {IN} skos:notation "d" ; skos:prefLabel "D"@en ."""
        circle = vocabulary_from_turtle("colour", text)
        assert (circle.ancestors("a"), circle.ancestors("b")) == (("b", "c", "d"), ("a", "d", "c"))


class TestCurrent:
    def test_follows_replacements(self) -> None:
        """To the last one; a code that nothing replaces, or that isn't in the list, stands for itself."""
        text = f"""{HEAD}
            :a {IN} skos:notation "a" ; skos:prefLabel "A"@en ; dct:isReplacedBy :b .
            :b {IN} skos:notation "b" ; skos:prefLabel "B"@en ; dct:isReplacedBy :c .
            :c {IN} skos:notation "c" ; skos:prefLabel "C"@en .
            :x {IN} skos:notation "x" ; skos:prefLabel "X"@en ; dct:isReplacedBy :y .
            :y {IN} skos:notation "y" ; skos:prefLabel "Y"@en ; dct:isReplacedBy :x ."""
        found = vocabulary_from_turtle("colour", text)
        assert [found.current(code) for code in ("a", "b", "c", "z", "x")] == ["c", "c", "c", "z", "y"]


class TestLabel:
    @pytest.mark.parametrize(
        ("code", "language", "label", "found_in"),
        [
            ("red", "fr", "Rouge", "fr"),
            ("red", "pt_BR", "Vermelho", "pt"),
            ("red", "FR-ca", "Rouge", "fr"),
            ("red", "sw", "Red", "en"),
            ("old_pink", "fr", "Old pink", ""),
            ("not_in_the.List", "en", "Not in the: List", ""),
            ("FaceToFace", "en", "Face To Face", ""),
            ("", "en", "", ""),
        ],
    )
    def test_falls_back_step_by_step(
        self, colours: Vocabulary, code: str, language: str, label: str, found_in: str
    ) -> None:
        """The language, its base, English, the code made readable; the language of the answer is told."""
        assert colours.label(code, language) == label
        assert colours.label_and_language(code, language) == (label, found_in)


class TestLanguageChain:
    @pytest.mark.parametrize(
        ("language", "chain"),
        [
            ("zh_Hans_CN", ("zh-hans-cn", "zh-hans", "zh", "en")),
            ("en_GB", ("en-gb", "en")),
            ("en", ("en",)),
        ],
    )
    def test_goes_from_special_to_general_to_english(self, language: str, chain: tuple[str, ...]) -> None:
        """CKAN's locale names and BCP 47 tags alike."""
        assert language_chain(language) == chain
