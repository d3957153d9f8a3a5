"""The shipped vocabularies, against code lists written by hand."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import Graph as RdflibGraph
from rdflib.compare import isomorphic

from ckanext.citizendata import vocabularies
from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCT, OWL, RDF, SKOS, VOCABULARY
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

CODES: Mapping[str, str] = {
    "access-rights": "PUBLIC RESTRICTED NON_PUBLIC unknown",
    "audience": "producer partners national collaborative everyone_short everyone",
    "citizen-data-form": "citizen_generated community_driven citizen_science crowdsourced participatory_mapping"
    " community_scorecard_social_audit community_census_enumeration community_based_monitoring participatory_survey"
    " perception_survey civic_monitoring_of_rights storytelling_qualitative sensor_based co_produced_with_nso other"
    " unknown",
    "consent-type": "individual_written individual_verbal_recorded individual_digital guardian_consent_with_assent"
    " collective_fpic community_assembly_agreement terms_of_participation legal_mandate no_persons_observed"
    " not_obtained unknown",
    "data-ownership": "community_owned individually_owned_pooled organisation_held_in_trust organisation_owned joint"
    " public_body open_commons contested unknown",
    "engagement-level": "0 1 2 3 4 5 unknown",
    "engagement-stage": "needs design collection processing analysis dissemination use feedback governance",
    "engagement-who": "individuals community_members community_leaders cbo cso opd ipo youth women experts nso_staff"
    " local_officials",
    "integration-status": "none stand_alone_by_choice inventoried_by_nso under_assessment assessed_not_suitable"
    " used_as_complementary integrated formerly_used unknown",
    "licence": "CC0 CC_BY_4 CC_BY_SA_4 CC_BY_NC_4 CC_BY_NC_SA_4 ODbL_1 ODC_BY_1 PDDL custom_community_terms"
    " no_licence_ask unknown",
    "organisation-kind": "individuals informal_group community_organisation indigenous_peoples_organisation opd"
    " womens_organisation youth_organisation lgbtiq_organisation national_ngo international_ngo network_coalition nhri"
    " academia media private_sector foundation local_government nso ministry_agency un_intergovernmental other unknown",
    "personal-data": "none anonymised pseudonymised identifiable unknown",
    "population-group": "women girls persons_with_disabilities indigenous_peoples ethnic_minorities racial_groups"
    " people_of_african_descent caste_descent_based religious_minorities linguistic_minorities lgbtiq lesbian gay"
    " bisexual trans intersex queer older_persons youth children migrants refugees asylum_seekers internally_displaced"
    " stateless slum_informal_settlement_dwellers homeless rural remote pastoralists_nomads people_in_poverty"
    " informal_workers domestic_workers sex_workers people_living_with_hiv detained_persons survivors_of_violence"
    " human_rights_defenders farmers_fishers general_population not_about_people unknown",
    "sdg-goal": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 none",
    "sensitivity": "low_or_none moderate high severe unknown",
    "tombstone": "withdrawn deleted no_longer_public moved duplicate",
    "withdrawal-possible": "yes_person yes_community both until_publication no unknown",
    "yes-no-unknown": "yes no unknown",
}
SIZES = {"collection-mode": 51 + 7 + 1, "country": 249 + 1, "file-type": 200, "language": 874}
LOCAL_MODES = "community_meeting participatory_mapping app_report photo_report hotline interactive_radio sensor unknown"
NO_UNKNOWN = {"audience", "engagement-stage", "engagement-who", "file-type", "sdg-goal", "tombstone"}
NOT_WRITTEN = {"access-rights": "unknown", "country": "unknown", "language": "unknown"}
SIX_LANGUAGES = {
    "access-rights",
    "audience",
    "country",
    "engagement-level",
    "engagement-stage",
    "population-group",
    "sdg-goal",
    "yes-no-unknown",
}
# The names of languages and file types come from sources that don't have them all; readers get English.
ENGLISH_ONLY_AT_WORST = {"file-type", "language"}
IRIS = {
    ("language", "ENG"): "http://publications.europa.eu/resource/authority/language/ENG",
    ("language", "SWA"): "http://publications.europa.eu/resource/authority/language/SWA",
    ("country", "KEN"): "http://publications.europa.eu/resource/authority/country/KEN",
    ("country", "GHA"): "http://publications.europa.eu/resource/authority/country/GHA",
    ("access-rights", "NON_PUBLIC"): "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
    ("licence", "CC_BY_SA_4"): "http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0",
    ("licence", "ODbL_1"): "http://publications.europa.eu/resource/authority/licence/ODC_BL",
    ("file-type", "CSV"): "http://publications.europa.eu/resource/authority/file-type/CSV",
    ("sdg-goal", "5"): "http://metadata.un.org/sdg/5",
    ("collection-mode", "Interview.FaceToFace"): (
        "https://ddialliance.org/Specification/DDI-CV/ModeOfCollection_4.0.html#Interview.FaceToFace"
    ),
    ("collection-mode", "hotline"): "https://w3id.org/citizen-data/vocabulary/collection-mode/hotline",
    ("country", "unknown"): "https://w3id.org/citizen-data/vocabulary/country/unknown",
    ("sdg-goal", "none"): "https://w3id.org/citizen-data/vocabulary/sdg-goal/none",
    ("licence", "no_licence_ask"): "https://w3id.org/citizen-data/vocabulary/licence/no_licence_ask",
    ("population-group", "opd"): None,
    ("population-group", "lgbtiq"): "https://w3id.org/citizen-data/vocabulary/population-group/lgbtiq",
}


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, Vocabulary]:
    return {name: vocabulary_from_turtle(name, vocabularies.read(name)) for name in vocabularies.names()}


@pytest.fixture(params=sorted({*CODES, *SIZES}))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def index_of(name: str) -> Index:
    return Index(quad.triple for quad in parse(vocabularies.read(name), format=RdfFormat.TURTLE))


class TestNames:
    def test_every_list_of_the_mandatory_fields_is_shipped(self) -> None:
        """The files are these twenty-one, no more."""
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


class TestLabels:
    def test_are_there_in_the_languages_promised(self, name: str, shipped: Mapping[str, Vocabulary]) -> None:
        """Six languages for the lists that people meet first, four for the rest, English where sources end."""
        wanted = {"en"} if name in ENGLISH_ONLY_AT_WORST else {"en", "fr", "es", "ar"}
        wanted |= {"zh", "ru"} if name in SIX_LANGUAGES else set()
        missing = [(c.code, sorted(wanted - {*c.labels})) for c in shipped[name] if wanted - {*c.labels}]
        assert missing == []
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

    def test_working_labels_say_so(self) -> None:
        """The scheme of levels tells that its names aren't the Framework's."""
        notes = index_of("engagement-level").objects(VOCABULARY["engagement-level"], SKOS.editorialNote)
        assert any("Working labels" in note.value for note in notes if isinstance(note, Literal))


class TestLoading:
    def test_is_fast(self) -> None:
        """All lists are read in half a second of processor time."""
        start = time.process_time()
        for name in vocabularies.names():
            vocabulary_from_turtle(name, vocabularies.read(name))
        assert time.process_time() - start < 0.5
