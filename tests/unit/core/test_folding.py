"""Words as people type them."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.folding import folded


class TestFolded:
    @pytest.mark.parametrize(
        ("typed", "plain"),
        [
            (" Côte ", "cote"),
            ("TÜRKİYE", "turkiye"),
            ("España", "espana"),
            ("Côte d’Ivoire", "cote d'ivoire"),
            ("Côte dʼIvoire", "cote d'ivoire"),
            ("Côte d´Ivoire", "cote d'ivoire"),
            ("Guinea\u2011Bissau", "guinea-bissau"),
            ("Guinea – Bissau", "guinea - bissau"),
            ("São  Tomé\u00a0e Príncipe", "sao tome e principe"),
            ("كينيا", "كينيا"),
        ],
    )
    def test_leaves_what_tells_words_apart(self, typed: str, plain: str) -> None:
        """Capitals, accents, blanks and the kinds of apostrophes and hyphens don't."""
        assert folded(typed) == plain
