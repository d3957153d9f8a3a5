"""An answer whose end nobody can tell from a connection that broke off."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from .conftest import PREFIXES, Answer, Kenya, Server, dataset, feed
from .test_harvest import A, B, outcomes, titles


def unframed(text: str) -> Answer:
    """Answers with this text, and ends it with the connection."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/turtle")
        handler.end_headers()
        handler.wfile.write((PREFIXES + text).encode())

    return talk


class TestUnframed:
    def test_proves_nothing_missing(self, server: Server, kenya: Kenya, harvest: Callable[..., object]) -> None:
        """It may have been cut off at the end of a statement; what arrived is harvested."""
        kenya([A, B])
        server.answer("/c.ttl", unframed(feed([A], dataset(f"{A}x", "New"))))
        assert outcomes(harvest("kenya")) == {A: "unchanged", f"{A}x": "added"}
        report = harvest("kenya", 2)
        assert outcomes(report) == {A: "unchanged", f"{A}x": "unchanged"}
        (note,) = [each.message for each in report.notes]
        assert note.startswith("The server doesn't say how long its answer is, nor the feed how many datasets it has")
        assert note.endswith("[held(incomplete)]")
        assert len(titles()) == 3

    def test_proves_it_with_a_claim_that_is_reached(
        self, server: Server, kenya: Kenya, harvest: Callable[..., object]
    ) -> None:
        """`hydra:totalItems` tells that nothing is lost."""
        kenya([A, B])
        server.answer("/c.ttl", unframed(feed([A], "<> hydra:totalItems 1 .")))
        assert outcomes(harvest("kenya")) == {A: "unchanged", B: "missing"}
        assert outcomes(harvest("kenya", 2)) == {A: "unchanged", B: "removed"}
