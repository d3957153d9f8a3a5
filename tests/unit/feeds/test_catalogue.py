"""Pages of the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Literal, NamedNode, Quad, Triple, parse
from pyoxigraph import Dataset as Quads

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCAT, DCT, FOAF, HYDRA, RDF, SKOS
from ckanext.citizendata.feeds.catalogue import catalogue_rendered
from ckanext.citizendata.feeds.entry import Hidden
from ckanext.citizendata.feeds.face import FACES, TURTLE
from ckanext.citizendata.feeds.paging import Page, links_of

from ...tombstones import tombstones_of

AGENT = "<https://agents.example.org/a>"
AGENT_STATEMENTS = (
    f"<{{iri}}> {DCT.publisher} {AGENT} .\n"
    f'{AGENT} {FOAF.name} "{{name}}" .\n'
    f"{AGENT} {DCAT.contactPoint} _:c .\n"
    f'_:c {FOAF.phone} "{{name}}" .\n'
)


def graph(rendering, face=TURTLE):
    return {quad.triple for quad in parse(rendering.body, format=face.format)}


def canonical(triples):
    quads = Quads(Quad(*triple) for triple in triples)
    quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(quads)


def fragment(entry):
    return {quad.triple for quad in parse(entry.fragment.encode(), format=FACES[4].format)}


class TestCatalogueRendered:
    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    def test_faces_agree(self, head, page, dataset, grave, face):
        """Every face says the same."""
        entries = [dataset(1), grave, dataset(2)]
        assert canonical(graph(catalogue_rendered(head, page, entries, face), face)) == canonical(
            graph(catalogue_rendered(head, page, entries, TURTLE))
        )

    def test_nothing_is_added_to_a_dataset(self, head, page, dataset):
        """A dataset's statements are those of its fragment, with its blank nodes."""
        found = graph(catalogue_rendered(head, page, [dataset(1), dataset(2)], TURTLE))
        beside = (*head.languages, head.licence, head.homepage, head.publisher.homepage)
        own = (head.iri, head.publisher.iri, page.url(2), dataset(1).record, dataset(2).record)
        of_site = {NamedNode(iri) for iri in (*own, *beside)}
        rest = [triple for triple in found if triple.subject not in of_site]
        both = {*graph_of("a", dataset(1)), *graph_of("b", dataset(2))}
        assert canonical(rest) == canonical(both)

    def test_mandatory_statements(self, head, page, dataset):
        """DCAT-AP 3.0.1: a catalogue has title, description and a named publisher; a record a topic and a date."""
        index = Index(graph(catalogue_rendered(head, page, [dataset(1)], TURTLE)))
        catalogue, record = NamedNode(head.iri), NamedNode(dataset(1).record)
        assert index.objects(catalogue, DCT.title) == (Literal("Citizen data", language="en"),)
        assert index.value(catalogue, DCT.description)
        assert index.value(NamedNode(head.publisher.iri), FOAF.name) == Literal(head.publisher.name)
        assert index.objects(record, FOAF.primaryTopic) == (NamedNode(dataset(1).iri),)
        assert len(index.objects(record, DCT.modified)) == 1
        assert index.objects(catalogue, DCAT.dataset) == (NamedNode(dataset(1).iri),)
        assert index.objects(catalogue, DCAT.record) == (record,)

    def test_nobody_renames_an_entry_of_a_list(self, head, page, dataset):
        """A country has the names of the list, whoever describes it first, and every class that a record gives it."""
        kenya = NamedNode("http://publications.europa.eu/resource/authority/country/KEN")
        evil = f'<{{iri}}> {DCT.spatial} {kenya} .\n{kenya} {SKOS.prefLabel} "Not Kenya" .\n'
        good = f"<{{iri}}> {DCT.spatial} {kenya} .\n{kenya} {RDF.type} {DCT.Location} .\n"
        found = Index(graph(catalogue_rendered(head, page, [dataset(1, evil), dataset(2, good)], TURTLE)))
        assert found.objects(kenya, SKOS.prefLabel) == ()
        assert found.objects(kenya, RDF.type) == (DCT.Location,)

    def test_classes_of_a_shared_thing_are_all_said(self, head, page, dataset):
        """One address is a document to one record and a standard to another; DCAT-AP looks for both classes."""
        paper = NamedNode("https://papers.example.org/1")
        first = f"<{{iri}}> {FOAF.page} {paper} .\n{paper} {RDF.type} {FOAF.Document} .\n"
        second = f"<{{iri}}> {DCT.conformsTo} {paper} .\n{paper} {RDF.type} {DCT.Standard} .\n"
        found = Index(graph(catalogue_rendered(head, page, [dataset(1, first), dataset(2, second)], TURTLE)))
        assert set(found.objects(paper, RDF.type)) == {FOAF.Document, DCT.Standard}

    def test_nobody_makes_a_record_of_what_is_not_theirs(self, head, page, dataset):
        """A record can't say of another's dataset, or of a thing that another describes, that it is a dataset."""
        paper = NamedNode("https://papers.example.org/1")
        first = f'<{{iri}}> {FOAF.page} {paper} .\n{paper} {FOAF.name} "A" .\n'
        second = f"<{{iri}}> {FOAF.page} {paper} .\n{paper} {RDF.type} {DCAT.Dataset} .\n"
        found = Index(graph(catalogue_rendered(head, page, [dataset(1, first), dataset(2, second)], TURTLE)))
        assert found.objects(paper, RDF.type) == ()

    def test_tombstone(self, head, page, grave):
        """What is gone is a catalogue record alone, which our own harvest understands, and no dataset."""
        found = graph(catalogue_rendered(head, page, [grave], TURTLE))
        assert [(each.iri, each.kind, each.modified) for each in tombstones_of(Index(found))] == [
            (grave.iri, "withdrawn", "2024-07-02T00:00:00Z")
        ]
        assert not [triple for triple in found if triple.subject == NamedNode(grave.iri)]
        assert not [triple for triple in found if triple.predicate == DCAT.dataset]

    def test_hidden_place(self, head, page):
        """A kept place shows nothing."""
        assert (
            b"/dataset/5"
            not in catalogue_rendered(head, page, [Hidden("https://data.example.org/dataset/5")], TURTLE).body
        )

    def test_poison_spoils_nothing(self, head, page, dataset):
        """An entry that can't be read is reported, and the others are served."""
        poisoned = dataset(2, more="<<< broken\n")
        rendering = catalogue_rendered(head, page, [dataset(1), poisoned, dataset(3)], TURTLE)
        assert [problem.path for problem in rendering.problems] == [poisoned.iri]
        assert {triple.object.value for triple in graph(rendering) if triple.predicate == DCAT.dataset} == {
            dataset(1).iri,
            dataset(3).iri,
        }

    def test_agent_described_twice(self, head, page, dataset):
        """The first description of a shared agent stays; the second one leaves nothing behind."""
        first = dataset(1, more=AGENT_STATEMENTS.replace("{name}", "One"))
        second = dataset(2, more=AGENT_STATEMENTS.replace("{name}", "Two"))
        found = graph(catalogue_rendered(head, page, [first, second], TURTLE))
        assert {triple.object.value for triple in found if triple.predicate in (FOAF.name, FOAF.phone)} == {
            "One",
            head.publisher.name,
        }

    def test_claim_on_another_dataset(self, head, page, dataset):
        """Nobody says anything about a dataset that the catalogue lists as another's, or about the catalogue."""
        hijack = dataset(
            1, more=f'<{dataset(2).iri}> {DCT.title} "Hijacked" .\n<{head.iri}> {DCT.title} "Hijacked" .\n'
        )
        assert b"Hijacked" not in catalogue_rendered(head, page, [hijack, dataset(2)], TURTLE).body

    def test_hazards_are_counted(self, head, page, dataset):
        """Withheld statements are counted, in RDF/XML with those that it can't say."""
        entry = dataset(1, more=f'<{{iri}}> {DCAT.landingPage} <javascript:x> .\n<{{iri}}> {DCT.title} "\\u0001" .\n')
        assert catalogue_rendered(head, page, [entry], TURTLE).withheld == 1
        assert catalogue_rendered(head, page, [entry], FACES[1]).withheld == 2

    @pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "https://data.example.org/{id}", "a b"])
    def test_an_address_that_is_a_hazard_is_not_listed(self, head, page, dataset, grave, iri):
        """Neither as a dataset nor as a grave, and the others are served."""
        bad = [replace(dataset(2), iri=iri), replace(grave, iri=iri)]
        rendering = catalogue_rendered(head, page, [dataset(1), *bad], TURTLE)
        assert [problem.path for problem in rendering.problems] == [iri, iri]
        topics = [triple.object.value for triple in graph(rendering) if triple.predicate == FOAF.primaryTopic]
        assert topics == [dataset(1).iri]

    def test_same_entries_same_bytes(self, head, page, dataset):
        """Rendering again gives the same bytes, so that they may stand under one entity tag."""
        assert catalogue_rendered(head, page, [dataset(1)], TURTLE) == catalogue_rendered(
            head, page, [dataset(1)], TURTLE
        )


class TestPage:
    def test_links(self):
        """A page in the middle knows all four others, with what else was asked."""
        page = Page(2, 10, 25, "https://x.example/catalog.ttl", (("q", "eau & sol"),))
        assert links_of(page) == {
            name: f"https://x.example/catalog.ttl?q=eau+%26+sol&page={n}"
            for name, n in (("first", 1), ("previous", 1), ("next", 3), ("last", 3))
        }

    @pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (10, 1), (11, 2)])
    def test_last(self, total, last):
        """The last page is the one with the last entry; an empty catalogue has one page."""
        assert Page(1, 10, total, "https://x.example/catalog.ttl").last == last

    def test_no_next_after_the_last(self):
        """The last page ends the walk."""
        assert set(links_of(Page(3, 10, 25, "https://x.example/c"))) == {"first", "previous", "last"}

    def test_links_are_addresses(self, head, page):
        """Both forms of Hydra give the next page as an IRI, and the total."""
        found = graph(catalogue_rendered(head, page, [], TURTLE))
        for predicate in (HYDRA["next"], HYDRA.nextPage):
            assert {triple.object for triple in found if triple.predicate == predicate} == {NamedNode(page.url(3))}
        assert {
            triple.object
            for triple in found
            if triple.subject == NamedNode(page.url(2)) and triple.predicate == RDF.type
        } == {
            HYDRA.PartialCollectionView,
            HYDRA.PagedCollection,
        }
        assert {triple.object.value for triple in found if triple.predicate == HYDRA.totalItems} == {"350"}


def graph_of(prefix, entry):
    from pyoxigraph import BlankNode

    def renamed(node):
        return BlankNode(prefix + node.value) if isinstance(node, BlankNode) else node

    return {Triple(renamed(s), p, renamed(o)) for s, p, o in fragment(entry)}
