"""Faces, chosen by ending or by header."""

from __future__ import annotations

import pytest

from ckanext.citizendata.feeds.face import FACES, face_from_accept, face_from_suffix


class TestFaceFromSuffix:
    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    def test_every_face_is_found(self, face):
        """Each face answers to its own ending."""
        assert face_from_suffix(face.suffix) == face

    def test_unknown_is_none(self):
        """An ending that nobody serves is nothing."""
        assert face_from_suffix("pdf") is None


class TestFaceFromAccept:
    @pytest.mark.parametrize(
        ("accept", "suffix"),
        [
            ("text/turtle", "ttl"),
            ("application/rdf+xml", "rdf"),
            ("application/ld+json;q=0.9, text/turtle;q=0.5", "jsonld"),
            ("text/turtle, text/html;q=0.9", "ttl"),
            ("application/n-triples; charset=utf-8", "nt"),
            ("TEXT/TURTLE", "ttl"),
            ("text/turtle;q=high, application/ld+json;q=0.1", "jsonld"),
        ],
    )
    def test_prefers_what_is_named(self, accept, suffix):
        """The face with the highest quality that is named is taken."""
        face = face_from_accept(accept)
        assert face is not None
        assert face.suffix == suffix

    @pytest.mark.parametrize(
        "accept",
        ["", "*/*", "text/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html, text/turtle", "text/turtle;q=0"],
    )
    def test_a_browser_gets_the_page(self, accept):
        """Where a page will do as well, there is no face."""
        assert face_from_accept(accept) is None
