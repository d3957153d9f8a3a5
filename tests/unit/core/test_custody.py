from __future__ import annotations

import pytest

from ckanext.citizendata.core.custody import Hop, chain_of, passed, written

NODE = Hop("https://node.example.org/", "2026-01-01T00:00:00Z")
HUB = Hop("https://hub.example.org", "2026-01-02T00:00:00Z", "5f0c")


class TestChain:
    def test_is_read_as_it_was_written(self) -> None:
        """In whatever order its lines come."""
        assert written([NODE, HUB]) == [
            "1 https://node.example.org/ 2026-01-01T00:00:00Z -",
            "2 https://hub.example.org 2026-01-02T00:00:00Z 5f0c",
        ]
        assert chain_of(reversed(written([NODE, HUB]))) == (NODE, HUB)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "one https://a.example/ 2026 -",
            "1 javascript:alert(1) 2026 -",
            "1 https://a.example/{x} 2026 -",
            "1 https://a.example/ 2026",
            f"1 https://a.example/{'a' * 3000} 2026 -",
        ],
    )
    def test_leaves_out_what_is_no_hop(self, text: str) -> None:
        """The others still count."""
        assert chain_of([text, *written([NODE])]) == (NODE,)

    def test_ends_somewhere(self) -> None:
        """A feed makes no chain without end, nor two hops of one place."""
        assert len(chain_of(written([HUB] * 200))) == 50
        assert chain_of([*written([NODE]), *written([HUB])]) == (NODE,)


class TestPassed:
    @pytest.mark.parametrize(
        "base", ["https://hub.example.org", "HTTPS://HUB.example.org:443/", "https://hub.example.org/"]
    )
    def test_knows_its_own_address(self, base: str) -> None:
        """However it is written."""
        assert passed([NODE, HUB], base)

    @pytest.mark.parametrize("base", ["https://other.example.org", "https://hub.example.org.evil.example"])
    def test_of_others_is_none_of_ours(self, base: str) -> None:
        """Nor is one that only begins alike."""
        assert not passed([NODE, HUB], base)
        assert not passed([], "https://hub.example.org")
