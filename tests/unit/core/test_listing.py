from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.listing import listing_of, tombstones_in
from ckanext.citizendata.core.terms import ADMS, DCAT, DCT, EU_DATASET_STATUS, FOAF, RDF
from ckanext.citizendata.core.tokens import token
from ckanext.citizendata.core.tree import Tree

DATASET = NamedNode("https://example.org/d")
RECORD = NamedNode("https://example.org/d#record")


def index_of(*dates: str) -> Tree:
    """A catalogue record and tombstone with these dates, both as `issued` and as `modified`."""
    return Tree(
        ntriples_from_graph(
            [
                Triple(RECORD, RDF.type, DCAT.CatalogRecord),
                Triple(RECORD, FOAF.primaryTopic, DATASET),
                Triple(RECORD, ADMS.status, EU_DATASET_STATUS.WITHDRAWN),
                *(Triple(RECORD, each, Literal(date)) for each in (DCT.issued, DCT.modified) for date in dates),
            ]
        )
    )


# Earlier and later; by their letters all are the other way round, or one of them is no date.
PAIRS = [
    ("2026-03-02T00:30:00+03:00", "2026-03-01T23:00:00Z"),
    ("2026-03-01T23:00:00-00:30", "2026-03-01T22:00:00-02:00"),
    ("2026-03-02T01:00:00+02:00", "2026-03-02"),
]


class TestDates:
    @pytest.mark.parametrize(("earlier", "later"), PAIRS)
    def test_are_compared_as_moments(self, earlier: str, later: str) -> None:
        """Zones differ between two dates of one record; the first `issued` and the last `modified` count."""
        index = index_of(earlier, later)
        listing = listing_of(index, token(DATASET))
        assert (listing.issued, listing.modified) == (earlier, later)
        assert tombstones_in(index)[0].modified == later

    def test_what_is_no_date_counts_only_alone(self) -> None:
        """Any text sorts before or after a date; neither tells when."""
        listing = listing_of(index_of("2026-03-01", "zuletzt", "0 days ago"), token(DATASET))
        assert (listing.issued, listing.modified) == ("2026-03-01", "2026-03-01")
        assert listing_of(index_of("zuletzt"), token(DATASET)).modified == "zuletzt"
        assert listing_of(index_of(), token(DATASET)).modified is None
