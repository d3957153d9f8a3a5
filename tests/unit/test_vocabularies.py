"""The shipped vocabularies, against code lists written by hand."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from itertools import chain

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import Graph as RdflibGraph
from rdflib.compare import isomorphic

from ckanext.citizendata import vocabularies
from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCT, OWL, RDF, SKOS, VOCABULARY
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle
from tests.unit.vocabulary_codes import (
    CODES,
    ENGLISH_ONLY_AT_WORST,
    IRIS,
    LOCAL_MODES,
    NO_UNKNOWN,
    NOT_WRITTEN,
    SIX_LANGUAGES,
    SIZES,
    UNTRANSLATED,
)


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, Vocabulary]:
    return {name: vocabulary_from_turtle(name, vocabularies.read(name)) for name in vocabularies.names()}


@pytest.fixture(params=sorted({*CODES, *SIZES}))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def index_of(name: str) -> Index:
    return Index(quad.triple for quad in parse(vocabularies.read(name), format=RdfFormat.TURTLE))


class TestNames:
    def test_every_list_is_shipped(self) -> None:
        """The files are these, no more."""
        assert set(vocabularies.names()) == {*CODES, *SIZES}


class TestRead:
    def test_a_list_that_is_not_shipped_is_an_error(self) -> None:
        """An unknown name raises an error with it; a path never leaves the folder."""
        with pytest.raises(KeyError, match="colours"):
            vocabularies.read("colours")
        with pytest.raises(KeyError):
            vocabularies.read("../schemas/dataset")


class TestFile:
    def test_parses_alike_in_both_libraries(self, name: str) -> None:
        """pyoxigraph and rdflib read the same graph."""
        text = vocabularies.read(name)
        triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
        lines = "".join(f"{triple} .\n" for triple in triples)
        ours, theirs = RdflibGraph().parse(data=lines, format="nt"), RdflibGraph().parse(data=text, format="turtle")
        assert len(ours) == len(theirs)
        assert isomorphic(ours, theirs) if len(ours) < 1000 else set(ours.predicates()) == set(theirs.predicates())

    def test_head_says_title_source_version_licence_and_publisher(self, name: str) -> None:
        """The scheme has our IRI and tells where it is from and under which terms; comments say it to people too."""
        index, scheme = index_of(name), VOCABULARY[name]
        assert index.value(scheme, RDF.type) == SKOS.ConceptScheme
        for predicate in (DCT.title, DCT.description, DCT.source, OWL.versionInfo, DCT.license, DCT.publisher):
            assert index.value(scheme, predicate) is not None, predicate
        comments = [line for line in vocabularies.read(name).splitlines() if line.startswith("#")]
        assert any(line.startswith("# Source: ") for line in comments)
        assert any(line.startswith("# Licence: ") for line in comments)

    def test_is_sound_skos(self, name: str) -> None:
        """One preferred label a language, none of them an alternative too, everything typed and in the scheme."""
        index, scheme = index_of(name), VOCABULARY[name]
        for concept in (node for node in index.described if index.objects(node, SKOS.notation)):
            assert SKOS.Concept in index.objects(concept, RDF.type)
            assert scheme in index.objects(concept, SKOS.inScheme)
            preferred = [label for label in index.objects(concept, SKOS.prefLabel) if isinstance(label, Literal)]
            assert max(Counter(label.language for label in preferred).values()) == 1, concept
            assert not {*preferred} & {*index.objects(concept, SKOS.altLabel)}, concept
            assert all(label.language and label.value == label.value.strip() != "" for label in preferred)

    def test_hierarchy_has_no_circle(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """No concept is below itself."""
        vocabulary = shipped[name]
        broader = {concept.code: set(concept.broader) for concept in vocabulary}
        while free := {code for code, above in broader.items() if not above & broader.keys()}:
            broader = {code: above for code, above in broader.items() if code not in free}
        assert not broader


class TestCodes:
    @pytest.mark.parametrize("name", sorted(CODES))
    def test_are_those_of_the_framework_in_this_order(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Codes and their order, written by hand."""
        assert " ".join(shipped[name].codes) == CODES[name]

    @pytest.mark.parametrize("name", sorted(SIZES))
    def test_long_lists_have_their_length(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """The long lists are complete."""
        assert len(shipped[name]) == SIZES[name]

    def test_modes_have_the_additions(self, shipped: Mapping[str, Vocabulary]) -> None:
        """The additions to the DDI list and no others have an IRI of ours."""
        ours = {c.code for c in shipped["collection-mode"] if c.iri.startswith(str(VOCABULARY))}
        assert ours == set(LOCAL_MODES.split())

    def test_nobody_is_forced_to_invent(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Each list of a mandatory field accepts "unknown" or, for the Goals, "none", as its last entry."""
        last = shipped[name].codes[-1]
        assert last == ("none" if name == "sdg-goal" else "unknown") or name in NO_UNKNOWN
        assert ("unknown" in shipped[name]) is (name not in NO_UNKNOWN)

    def test_only_lists_of_others_have_entries_that_are_not_written(
        self, name: str, shipped: Mapping[str, Vocabulary]
    ) -> None:
        """ "Unknown" among the EU's codes makes no statement; among ours it does."""
        silent = [concept.code for concept in shipped[name] if not concept.written]
        assert silent == ([NOT_WRITTEN[name]] if name in NOT_WRITTEN else [])


class TestIris:
    def test_are_official_where_there_are_official_ones(self, shipped: Mapping[str, Vocabulary]) -> None:
        """Spot checks written by hand; looking up an IRI gives its code back."""
        for (name, code), iri in IRIS.items():
            concept = shipped[name].by_code(code)
            assert (concept.iri if concept else None) == iri, (name, code)
            assert iri is None or shipped[name].by_iri(iri) == concept

    def test_are_all_found_again(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Code to IRI to code, for every concept."""
        vocabulary = shipped[name]
        for concept in vocabulary:
            NamedNode(concept.iri)
            assert vocabulary.by_iri(concept.iri) is concept

    @pytest.mark.parametrize(
        ("name", "iri", "code"),
        [
            ("licence", "https://creativecommons.org/licenses/by/4.0/", "CC_BY_4"),
            ("licence", "http://publications.europa.eu/resource/authority/licence/CC_BY", "CC_BY_4"),
            ("licence", "http://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
            ("language", "http://id.loc.gov/vocabulary/iso639-1/sw", "SWA"),
            ("collection-mode", "urn:ddi:int.ddi.cv:ModeOfCollection:4.0#FocusGroup", "FocusGroup"),
            (
                "collection-mode",
                "http://rdf-vocabulary.ddialliance.org/cv/ModeOfCollection/4.0/#FocusGroup",
                "FocusGroup",
            ),
            ("sdg-goal", "https://metadata.un.org/sdg/14", "14"),
            ("licence", "http://dcat-ap.de/def/licenses/dl-zero-de/2.0", "DLDE_ZERO_2_0"),
            ("licence", "https://creativecommons.org/licenses/by-sa/3.0/", "CC_BY_SA_3"),
            ("frequency", "http://purl.org/cld/freq/biweekly", "BIWEEKLY"),
            ("purpose", "https://w3id.org/dpv#ProvideOfficialStatistics", "official_statistics"),
            ("disclosure-control", "https://w3id.org/dpv#DataRedaction", "redaction"),
            ("disaggregation-dimension", "http://purl.org/linked-data/sdmx/2009/dimension#sex", "sex"),
            ("policy-action", "http://creativecommons.org/ns#CommercialUse", "commercialize"),
        ],
    )
    def test_other_names_of_the_same_thing_are_understood(
        self, name: str, iri: str, code: str, shipped: Mapping[str, Vocabulary]
    ) -> None:
        """Feeds of others use other IRIs for the same licence, language or mode."""
        concept = shipped[name].by_iri(iri)
        assert concept is not None
        assert concept.code == code

    def test_kinds_of_organisation_map_to_adms_and_iati(self, shipped: Mapping[str, Vocabulary]) -> None:
        """Each known kind has a wider ADMS publisher type, but "other"."""
        adms = "http://purl.org/adms/publishertype/"
        mapped = {c.code: c.broad_matches for c in shipped["organisation-kind"] if c.broad_matches}
        assert {*shipped["organisation-kind"].codes} - {*mapped} == {"other", "unknown"}
        assert all(len(iris) == 1 and iris[0].startswith(adms) for iris in mapped.values())
        assert mapped["nso"] == (f"{adms}NationalAuthority",)
        assert mapped["individuals"] == (f"{adms}PrivateIndividual(s)",)


class TestLinks:
    @pytest.mark.parametrize(
        ("name", "other"), [("sdg-target", "sdg-goal"), ("sdg-indicator", "sdg-target"), ("country", "region")]
    )
    def test_lead_to_entries_of_the_wider_list(self, name: str, other: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Every entry, but "unknown", is below one or more of the other list."""
        linked = [c for c in shipped[name] if all(map(shipped[other].by_iri, c.broad_matches)) and c.broad_matches]
        assert [c.code for c in shipped[name] if c not in linked] == (["unknown"] if name == "country" else [])

    @pytest.mark.parametrize(
        ("name", "code", "iri"),
        [
            ("sdg-target", "16.b", "http://metadata.un.org/sdg/16"),
            ("country", "KEN", "https://w3id.org/citizen-data/vocabulary/region/014"),
            ("country", "NPL", "https://w3id.org/citizen-data/vocabulary/region/034"),
            ("country", "ATA", "https://w3id.org/citizen-data/vocabulary/region/001"),
        ],
    )
    def test_are_the_closest(self, name: str, code: str, iri: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Spot checks written by hand."""
        concept = shipped[name].by_code(code)
        assert (concept.broad_matches if concept else None) == (iri,)

    def test_an_indicator_of_several_targets_is_one_entry(self, shipped: Mapping[str, Vocabulary]) -> None:
        """It has all its numbers, in its label and as words for search, and all its targets."""
        concept = shipped["sdg-indicator"].by_code("C200303")
        assert concept is not None
        assert concept.labels["en"].startswith("1.5.1 / 11.5.1 / 13.1.1 Number of deaths, missing persons")
        assert concept.alt_labels["en"] == ("1.5.1", "11.5.1", "13.1.1")
        assert concept.broad_matches == tuple(f"http://metadata.un.org/sdg/{code}" for code in ("1.5", "11.5", "13.1"))

    @pytest.mark.parametrize(
        ("name", "code", "broader"),
        [
            ("region", "014", "202"),
            ("region", "202", "002"),
            ("sampling-procedure", "opt_in_volunteer", "Nonprobability.Availability"),
            ("time-method", "Longitudinal.Panel.Interval", "Longitudinal.Panel"),
        ],
    )
    def test_within_a_list_lead_upwards(
        self, name: str, code: str, broader: str, shipped: Mapping[str, Vocabulary]
    ) -> None:
        """Spot checks written by hand."""
        concept = shipped[name].by_code(code)
        assert (concept.broader if concept else None) == (broader,)


class TestLabels:
    def test_are_there_in_the_languages_promised(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Six languages for the lists that people meet first, four for the rest, English where sources end."""
        wanted = {"en"} if name in ENGLISH_ONLY_AT_WORST else {"en", "fr", "es", "ar"}
        wanted |= {"zh", "ru"} if name in SIX_LANGUAGES else set()
        missing = {c.code: sorted(wanted - {*c.labels}) for c in shipped[name] if wanted - {*c.labels}}
        assert missing == UNTRANSLATED.get(name, {})
        assert wanted | {"fr", "es", "ar"} <= {*shipped[name].titles} | {"en"}

    def test_differ_within_a_language(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """No two entries of a list read the same, or a reader couldn't choose; languages have true namesakes."""
        labels = Counter((language, text) for c in shipped[name] for language, text in c.labels.items())
        assert [label for label, count in labels.items() if count > 1 and name not in ENGLISH_ONLY_AT_WORST] == []

    @pytest.mark.parametrize(
        ("name", "code", "language", "label"),
        [
            ("organisation-kind", "opd", "en", "Organisation of persons with disabilities"),
            ("audience", "producer", "en", "Only our organisation"),
            ("audience", "producer", "fr", "Seulement notre organisation"),
            ("sdg-goal", "5", "ru", "Гендерное равенство"),
            ("sdg-goal", "17", "zh", "促进目标实现的伙伴关系"),
            ("country", "KEN", "ar", "كينيا"),
            ("language", "NEP", "en", "Nepali"),
            ("population-group", "refugees", "sw", "Wakimbizi"),
            ("population-group", "children", "ne", "बालबालिका"),
        ],
    )
    def test_are_plain_words(
        self, name: str, code: str, language: str, label: str, shipped: Mapping[str, Vocabulary]
    ) -> None:
        """Spot checks written by hand."""
        assert shipped[name].label(code, language) == label

    @pytest.mark.parametrize("name", ["population-group", "sdg-goal"])
    def test_have_synonyms_for_search(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """What people type is found: in four languages for nearly every entry."""
        with_synonyms = [c for c in shipped[name] if {"en", "fr", "es", "ar"} <= {*c.alt_labels}]
        assert len(with_synonyms) >= len(shipped[name]) - 4

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("USA", "USA"),
            ("États-Unis", "USA"),
            ("EEUU", "USA"),
            ("UK", "GBR"),
            ("United Kingdom", "GBR"),
            ("Kenia", "KEN"),
            ("Ivory Coast", "CIV"),
            ("Costa de Marfil", "CIV"),
            ("Iran", "IRN"),
            ("Russie", "RUS"),
            ("South Korea", "KOR"),
            ("DR Congo", "COD"),
            ("Congo", "COG"),
            ("Turquía", "TUR"),
            ("سوريا", "SYR"),
            ("فلسطين", "PSE"),
            ("America", None),
            ("Saint-Martin", None),
        ],
    )
    def test_of_countries_have_short_and_common_names(
        self, name: str, code: str | None, shipped: Mapping[str, Vocabulary]
    ) -> None:
        """The United Nations' full names aren't what people type; what could be two countries is none."""
        found = shipped["country"].by_label(name)
        assert (found.code if found else None) == code

    def test_of_countries_name_one_each(self, shipped: Mapping[str, Vocabulary]) -> None:
        """A name that stood for two countries would lead to the wrong one."""
        named: dict[str, set[str]] = {}
        for concept in shipped["country"]:
            for words in (*concept.labels.values(), *chain.from_iterable(concept.alt_labels.values())):
                named.setdefault(folded(words), set()).add(concept.code)

        assert {name: codes for name, codes in named.items() if len(codes) > 1} == {}

    def test_never_speak_the_language_of_offices(self) -> None:
        """People who were left behind read whole words, also in the reasons why."""
        assert "LNOB" not in vocabularies.read("lnob-factor")

    def test_stages_name_their_phase_of_statistical_work(self) -> None:
        """The phase of GSBPM is a note for statisticians, not part of what people read."""
        index = index_of("engagement-stage")
        notes = [str(index.value(VOCABULARY[f"engagement-stage/{code}"], SKOS.note)) for code in ("design", "feedback")]
        assert notes == ['"GSBPM phases 2 and 3"@en', '"GSBPM phase 8"@en']

    def test_working_labels_say_so(self) -> None:
        """The scheme of levels tells that its names aren't the Framework's."""
        notes = index_of("engagement-level").objects(VOCABULARY["engagement-level"], SKOS.editorialNote)
        assert any("Working labels" in note.value for note in notes if isinstance(note, Literal))


class TestLoading:
    def test_is_fast(self) -> None:
        """All lists are read in well under a second of processor time; the best of three, since cores are shared."""
        taken: list[float] = []
        for _ in range(3):
            start = time.process_time()
            for name in vocabularies.names():
                vocabulary_from_turtle(name, vocabularies.read(name))
            taken.append(time.process_time() - start)
        assert min(taken) < 0.75
