"""When a crawl is complete, so that absence from it is evidence."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.spool import empty_spool

A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")


def gaps(*iris: str, gone: str = "", refused: tuple[str, ...] = (), **said: Any) -> tuple[str, ...]:
    """What a feed lacks that lists these datasets, and `gone` as taken back."""
    with empty_spool() as spool:
        spool.describe(("f", Decision.unchanged(iri)) for iri in iris)
        spool.take_back([Decision(Item(gone, "removed"))] if gone else [])
        spool.refuse(Decision(Item(path, "rejected")) for path in refused)
        return Crawl(**{"pages": 1, "ended": True, **said}).gaps(spool)


class TestGaps:
    def test_are_none_in_a_complete_crawl(self) -> None:
        """As many as it claims, tombstones and refused ones among them; or no claim at all."""
        assert gaps(A) == ()
        assert gaps(A, claimed=1) == ()
        assert gaps(A, gone=B, refused=(C,), claimed=3) == ()

    def test_a_feed_that_was_not_read_to_its_end(self) -> None:
        """Until the last page was read, nothing is proved."""
        assert gaps(A, ended=False) == ("The feed was not read to its end",)
        assert "The feed was not read to its end" in gaps(ended=False)

    def test_a_feed_that_lists_less_than_it_claims(self) -> None:
        """An address that is listed twice counts once."""
        assert gaps(A, A, gone=B, claimed=3) == ("The feed says that it has 3 datasets and lists fewer",)

    def test_several_pages_without_a_claim(self) -> None:
        """The page before a lost one looks like the last."""
        assert gaps(A, B, pages=2) == ("The feed has several pages and doesn't say how many datasets it has",)
        assert gaps(A, B, pages=2, claimed=2) == ()

    def test_a_dataset_on_two_pages(self) -> None:
        """While one moved on, another may have moved to a page that was read before; on one page it is said twice."""
        with empty_spool() as spool:
            crawl = Crawl(pages=2, ended=True, claimed=2)
            spool.describe([("f", Decision.unchanged(A)), ("f", Decision.unchanged(A))])
            spool.describe([("f", Decision.unchanged(B))])
            assert crawl.gaps(spool) == ()
            spool.turn()
            spool.describe([("f", Decision.unchanged(C)), ("other", Decision.unchanged(A))])
            assert crawl.gaps(spool) == (
                "The feed lists a dataset on two pages: it changed while it was read, and may have others",
            )

    def test_what_a_source_doubts_itself(self) -> None:
        """In its own words, whatever else is as it should be."""
        assert gaps(A, claimed=1, doubts={"It changed meanwhile"}) == ("It changed meanwhile",)

    def test_a_dataset_that_cannot_be_told_from_others(self) -> None:
        """It may be the one that seems to be missing."""
        (gap,) = gaps(A, refused=("",))
        assert "without an address" in gap

    def test_a_feed_that_was_emptied(self) -> None:
        """Tombstones alone are taken for what they are, and prove nothing about the rest."""
        assert gaps(gone=A) == ("The feed lists nothing but what was taken back",)
        assert gaps() == ("The feed lists nothing but what was taken back",)
        assert gaps(refused=(A,)) == ()
