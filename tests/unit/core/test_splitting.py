from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.identity import is_minted
from ckanext.citizendata.core.splitting import Limits, Split, split

MINT = "https://registry.example.org/.well-known/genid/m/"
WITHDRAWN = "<http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN>"
PREFIXES = """
@prefix : <https://node.example.org/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def text_of(turtle: str) -> str:
    return ntriples_from_graph(quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE))


def nobody(_iri: str) -> bool:
    return False


def split_of(turtle: str, limits: Limits | None = None) -> Split:
    return split(text_of(turtle), MINT, nobody, limits)


def only_fragment(turtle: str) -> str:
    (record,) = split_of(turtle).records
    return record.fragment


class TestSplit:
    def test_gives_one_record_a_dataset_in_the_order_of_addresses(self) -> None:
        """Each `dcat:Dataset` is a record, whatever else the feed describes."""
        found = split_of(":c a dcat:Catalog . :b a dcat:Dataset . :a a dcat:Dataset .")
        assert [record.iri for record in found.records] == ["https://node.example.org/a", "https://node.example.org/b"]

    def test_follows_every_described_node(self) -> None:
        """Distribution, agent, place and what they lead to are part of the description."""
        fragment = only_fragment(
            """:d a dcat:Dataset ; dcat:distribution :f ; dct:publisher :p ; dct:spatial [ skos:prefLabel "Kisumu" ] .
            :f dct:license [ dct:title "Free" ] . :p foaf:name "People" ; foaf:homepage <https://p.example.org/> ."""
        )
        assert all(word in fragment for word in ("Kisumu", "Free", "People", "https://p.example.org/"))

    def test_stops_at_other_datasets_and_catalogues(self) -> None:
        """A dataset that names another one says nothing of what the other says."""
        found = split_of(
            """:d a dcat:Dataset ; dct:title "This" ; dct:source :e ; dct:creator :c .
            :e a dcat:Dataset ; dct:title "Other" . :c a dcat:Catalog ; dct:title "Catalogue" ."""
        )
        fragment = next(text for each in found.records if "This" in (text := each.fragment))
        assert "Other" not in fragment
        assert "Catalogue" not in fragment
        assert "<https://node.example.org/e>" in fragment

    def test_takes_the_series_along(self) -> None:
        """A series is no record of its own, so that each of its datasets carries its description, and no other's."""
        fragment = only_fragment(
            """:d a dcat:Dataset ; dcat:inSeries :s .
            :s a dcat:DatasetSeries ; dct:title "Yearly counts" ; dcat:seriesMember <https://node.example.org/e> ."""
        )
        assert "Yearly counts" in fragment

    def test_stops_at_classes_and_properties(self) -> None:
        """Some catalogues carry whole vocabularies along."""
        fragment = only_fragment(
            """:d a dcat:Dataset , :Special ; dct:conformsTo :property , :class .
            :Special rdfs:label "A class" . :property a owl:ObjectProperty ; rdfs:label "A property" .
            :class a rdfs:Class ; rdfs:label "Another class" ."""
        )
        assert "label" not in fragment

    def test_keeps_links_without_the_description_of_what_they_lead_to(self) -> None:
        """What a linking predicate names stands for itself."""
        fragment = only_fragment(':d a dcat:Dataset ; dct:relation :e . :e dct:title "Elsewhere" .')
        assert "<https://node.example.org/e>" in fragment
        assert "Elsewhere" not in fragment

    def test_follows_blank_nodes_of_linking_predicates(self) -> None:
        """Nobody can look up a blank node elsewhere."""
        assert "A report" in only_fragment(':d a dcat:Dataset ; dct:relation [ dct:title "A report" ] .')

    def test_takes_what_points_at_dataset_and_distribution(self) -> None:
        """Quality measurements and annotations name the dataset, not the other way round."""
        fragment = only_fragment(
            """:d a dcat:Dataset ; dcat:distribution :f . :f a dcat:Distribution .
            [] dqv:computedOn :d ; dqv:value 3 . [] dqv:computedOn :f ; dqv:value 4 .
            :note oa:hasTarget :d ; oa:hasBody [ rdfs:comment "Well done" ] ."""
        )
        assert all(word in fragment for word in ('"3"', '"4"', "Well done"))

    def test_leaves_the_catalogue_record_out_and_reads_it(self) -> None:
        """The listing isn't part of the description."""
        (record,) = split_of(
            """:r a dcat:CatalogRecord ; foaf:primaryTopic :d ; dct:issued "2026-01-01" ; dct:modified "2026-02-01" ;
            cdata:audience <https://w3id.org/citizen-data/vocabulary/audience/everyone> . :d a dcat:Dataset ."""
        ).records
        assert record.fragment.count("\n") == 1
        listing = record.listing
        assert (listing.audiences, listing.issued, listing.modified) == (("everyone",), "2026-01-01", "2026-02-01")

    def test_shares_an_agent_between_records(self) -> None:
        """Each record carries all that it needs."""
        found = split_of(
            ':a a dcat:Dataset ; dct:publisher :p . :b a dcat:Dataset ; dct:publisher :p . :p foaf:name "P" .'
        )
        assert all('"P"' in record.fragment for record in found.records)

    def test_sets_aside_what_belongs_to_somebody_else(self) -> None:
        """A member can't describe another member's people; the record says so and stays."""
        text = text_of(
            ':d a dcat:Dataset ; dct:publisher <https://b.example.org/p> . <https://b.example.org/p> foaf:name "Evil" .'
        )
        (record,) = split(text, MINT, lambda iri: iri.startswith("https://b.example.org/")).records
        assert "Evil" not in record.fragment
        assert [(problem.path, problem.code) for problem in record.problems] == [
            ("https://b.example.org/p", "not_yours")
        ]

    def test_refuses_a_record_beyond_the_limits_and_takes_the_others(self) -> None:
        """A huge description costs no more than its limit, and nobody else."""
        parts = " , ".join(f"[ dct:title {number} ]" for number in range(30))
        found = split_of(f":big a dcat:Dataset ; dct:relation {parts} . :small a dcat:Dataset .", Limits(nodes=10))
        assert [record.iri for record in found.records] == ["https://node.example.org/small"]
        assert [(each.path, each.code) for each in found.refused] == [("https://node.example.org/big", "too_large")]

    @pytest.mark.parametrize(
        ("limits", "more", "reason"),
        [
            (Limits(lines=10), "dct:title 1, 2, 3, 4, 5, 6, 7, 8, 9, 10", "It has more than 10 statements"),
            (
                Limits(value=50),
                f"dct:title '{'a' * 50}'",
                "One of its values, by http://purl.org/dc/terms/title, has more than 50 characters",
            ),
        ],
    )
    def test_refuses_too_much_in_one_record(self, limits: Limits, more: str, reason: str) -> None:
        """Statements or characters of one value; the record says which, and the others stay."""
        found = split_of(f":big a dcat:Dataset ; {more} . :small a dcat:Dataset ; dct:title 'Small' .", limits)
        assert [record.iri for record in found.records] == ["https://node.example.org/small"]
        (problem,) = found.refused
        assert (problem.code, problem.message) == ("too_large", reason)

    def test_refuses_what_datasets_share_too_much(self) -> None:
        """Many datasets that lead to one large thing would fill memory with copies of it."""
        shared = "".join(f":s dct:hasPart [ dct:title '{part}' ] . " for part in range(50))
        datasets = "".join(f":d{name} a dcat:Dataset ; dct:spatial :s . " for name in range(200))
        page = f"{shared} {datasets} :z a dcat:Dataset ."
        assert len(split_of(page).records) == 201
        found = split_of(page, Limits(statements=1000, copies=2))
        assert 0 < len(found.records) < 30
        assert {problem.code for problem in found.refused} == {"too_large"}
        assert len(found.records) + len(found.refused) == 201

    def test_refuses_addresses_that_no_index_holds(self) -> None:
        """Neither a dataset nor a tombstone with such an address gets to the ledger; the healthy twins do."""
        long = f"https://node.example.org/{'a' * 2000}"
        found = split_of(
            f"""<{long}> a dcat:Dataset . :a a dcat:Dataset .
            [] a dcat:CatalogRecord ; foaf:primaryTopic <{long}b> ; adms:status {WITHDRAWN} .
            [] a dcat:CatalogRecord ; foaf:primaryTopic :b ; adms:status {WITHDRAWN} ."""
        )
        assert [record.iri for record in found.records] == ["https://node.example.org/a"]
        assert [each.iri for each in found.tombstones] == ["https://node.example.org/b"]
        (problem,) = found.refused
        assert (problem.path, problem.code) == ("", "no_identity")
        assert problem.message.startswith("A dataset's address has more than 2000 bytes; it begins with https://node.")

    def test_goes_round_in_circles_once(self) -> None:
        """Descriptions that lead back to themselves end."""
        assert only_fragment(":d a dcat:Dataset ; dct:creator _:x . _:x foaf:knows _:y . _:y foaf:knows _:x , :d .")


class TestBlankDatasets:
    def test_get_an_address_from_their_identifier(self) -> None:
        """The address stays when all else changes, and shows that it was minted."""
        (one,) = split_of('[] a dcat:Dataset ; dct:identifier "17" ; dct:title "Old" .').records
        (other,) = split_of('[] a dcat:Dataset ; dct:identifier "17" ; dct:title "New" .').records
        assert one.iri == other.iri
        assert one.iri.startswith(MINT)
        assert is_minted(one.iri)
        assert one.unnamed
        assert one.fingerprint != other.fingerprint

    def test_get_one_from_landing_page_or_title_and_publisher_otherwise(self) -> None:
        """Three ways to tell datasets apart, the surest first."""
        texts = ("dcat:landingPage <https://x.example.org/1>", 'dct:title "A" ; dct:publisher [ foaf:name "P" ]')
        same = [{split_of(f"[] a dcat:Dataset ; {text} .").records[0].iri for _ in range(2)} for text in texts]
        assert [len(found) for found in same] == [1, 1]
        assert same[0] != same[1]

    def test_are_refused_with_nothing_to_tell_them_by(self) -> None:
        """Two such datasets could be one."""
        found = split_of('[] a dcat:Dataset ; dcat:keyword "x" .')
        assert found.records == ()
        assert [each.code for each in found.refused] == ["no_identity"]

    def test_are_named_alike_where_others_point_at_them(self) -> None:
        """A link between two unnamed datasets still leads there."""
        found = split_of(
            '[] a dcat:Dataset ; dct:identifier "1" ; dct:isVersionOf [ a dcat:Dataset ; dct:identifier "2" ] .'
        )
        first, second = sorted(found.records, key=lambda record: record.fragment.count("\n"), reverse=True)
        assert f"<{second.iri}>" in first.fragment


class TestTombstones:
    def test_name_what_was_taken_back(self) -> None:
        """A withdrawn catalogue record is a tombstone of its kind, not a record."""
        found = split_of(
            """:r a dcat:CatalogRecord ; foaf:primaryTopic :d ; dct:modified "2026-02-01T00:00:00Z"^^xsd:dateTime ;
            adms:status <http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN> ;
            cdata:tombstone <https://w3id.org/citizen-data/vocabulary/tombstone/no_longer_public> ."""
        )
        assert found.records == ()
        (tombstone,) = found.tombstones
        assert (tombstone.iri, tombstone.kind) == ("https://node.example.org/d", "no_longer_public")
        assert tombstone.modified == "2026-02-01T00:00:00Z"

    def test_count_as_withdrawn_without_a_kind(self) -> None:
        """The strictest kind, where a catalogue doesn't know ours."""
        (tombstone,) = split_of(
            """:r a dcat:CatalogRecord ; foaf:primaryTopic :d ;
            adms:status <http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN> ."""
        ).tombstones
        assert tombstone.kind == "withdrawn"

    def test_win_over_a_listing_in_the_same_feed(self) -> None:
        """What is listed and withdrawn at once is hidden, and reported."""
        found = split_of(
            """:d a dcat:Dataset . :r a dcat:CatalogRecord ; foaf:primaryTopic :d ;
            adms:status <http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN> ."""
        )
        assert found.records == ()
        assert [problem.code for problem in found.problems] == ["withdrawn_and_listed"]

    def test_are_no_matter_of_the_dataset_itself(self) -> None:
        """A dataset of withdrawn status is listed; only its catalogue record can take it back."""
        found = split_of(
            """:d a dcat:Dataset ;
            adms:status <http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN> ."""
        )
        assert found.tombstones == ()
        assert len(found.records) == 1
