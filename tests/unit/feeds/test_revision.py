"""Names of states."""

from __future__ import annotations

from ckanext.citizendata.feeds.revision import revision


class TestRevision:
    def test_same_parts(self):
        """Equal parts give equal names."""
        assert revision("a", 1, None) == revision("a", 1, None)

    def test_other_parts(self):
        """A part moved, split or changed gives another name."""
        assert len({revision("a", "b"), revision("b", "a"), revision("ab"), revision("a'", "'b"), revision()}) == 5
