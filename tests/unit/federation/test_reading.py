"""When a crawl is complete, so that absence from it is evidence."""

from __future__ import annotations

from ckanext.citizendata.core.listing import Listing, Tombstone
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.reading import Feed

A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")


def feed(
    *iris: str, gone: str = "", refused: tuple[str, ...] = (), claimed: int = 0, pages: int = 1, ended: bool = True
) -> Feed:
    """A feed that lists these datasets, and `gone` as taken back."""
    return Feed(
        records=[Received(iri, "", "f", Listing()) for iri in iris],
        tombstones={gone: Tombstone(gone, "deleted")} if gone else {},
        refused=[Problem(path, "too_large", "It is too large") for path in refused],
        claimed=claimed,
        pages=pages,
        ended=ended,
    )


class TestGaps:
    def test_are_none_in_a_complete_crawl(self) -> None:
        """As many as it claims, tombstones and refused ones among them; or no claim at all."""
        assert feed(A).gaps == ()
        assert feed(A, claimed=1).gaps == ()
        assert feed(A, gone=B, refused=(C,), claimed=3).gaps == ()

    def test_a_feed_that_was_not_read_to_its_end(self) -> None:
        """Until the last page was read, nothing is proved."""
        assert feed(A, ended=False).gaps == ("The feed was not read to its end",)
        assert "The feed was not read to its end" in Feed().gaps

    def test_a_feed_that_lists_less_than_it_claims(self) -> None:
        """An address that is listed twice counts once."""
        assert feed(A, A, gone=B, claimed=3).gaps == ("The feed says that it has 3 datasets and lists fewer",)

    def test_several_pages_without_a_claim(self) -> None:
        """The page before a lost one looks like the last."""
        assert feed(A, B, pages=2).gaps == ("The feed has several pages and doesn't say how many datasets it has",)
        assert feed(A, B, pages=2, claimed=2).gaps == ()

    def test_a_dataset_that_cannot_be_told_from_others(self) -> None:
        """It may be the one that seems to be missing."""
        (gap,) = feed(A, refused=("",)).gaps
        assert "without an address" in gap

    def test_a_feed_that_was_emptied(self) -> None:
        """Tombstones alone are taken for what they are, and prove nothing about the rest."""
        assert feed(gone=A).gaps == ("The feed lists nothing but what was taken back",)
        assert feed().gaps == ("The feed lists nothing but what was taken back",)
        assert feed(refused=(A,)).gaps == ()
