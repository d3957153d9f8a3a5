from __future__ import annotations

import pytest

from ckanext.citizendata.core.identity import covers, normalised


class TestNormalised:
    @pytest.mark.parametrize(
        ("iri", "same"),
        [
            ("HTTP://A.example.org/Data", "http://a.example.org/Data"),
            ("http://a.example.org", "http://a.example.org/"),
            ("http://a.example.org:80/x", "http://a.example.org/x"),
            ("https://a.example.org:443/x", "https://a.example.org/x"),
            ("http://a.example.org:443/x", "http://a.example.org:443/x"),
            ("http://me:secret@a.example.org./x", "http://a.example.org/x"),
            ("http://[::1]:80/x", "http://[::1]/x"),
            ("URN:Example:A", "urn:Example:A"),
            ("http://[broken/x", "http://[broken/x"),
        ],
    )
    def test_is_how_every_server_reads_it(self, iri: str, same: str) -> None:
        """Scheme, host, port and an empty path don't tell addresses apart; the rest does."""
        assert normalised(iri) == same


class TestCovers:
    @pytest.mark.parametrize(
        ("prefix", "iri"),
        [
            ("http://a.org/", "http://a.org"),
            ("http://a.org", "HTTP://A.org:80/dataset/upper"),
            ("http://a.org/data/", "http://a.org/data"),
            ("http://a.org/data", "http://a.org/data#it"),
            ("http://a.org/?id=", "http://a.org/?id=5"),
            ("http://a.org/survey-", "http://a.org/survey-1"),
            ("urn:kenya:", "urn:kenya:1"),
            ("urn:kenya", "urn:kenya:1"),
        ],
    )
    def test_the_prefix_and_what_lies_below(self, prefix: str, iri: str) -> None:
        """In whatever spelling."""
        assert covers(normalised(prefix), normalised(iri))

    @pytest.mark.parametrize(
        ("prefix", "iri"),
        [
            ("http://a.org", "http://a.org.evil/x"),
            ("http://a.org", "http://a.org:8080/x"),
            ("http://a.org", "http://a.org@evil.org/x"),
            ("http://a.org/data/", "http://a.org/database"),
            ("http://a.org/data", "http://a.org/DATA"),
            ("urn:kenya", "urn:kenyan:1"),
        ],
    )
    def test_not_what_only_begins_alike(self, prefix: str, iri: str) -> None:
        """A name goes on to its end."""
        assert not covers(normalised(prefix), normalised(iri))
