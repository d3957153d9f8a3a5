from __future__ import annotations

import pytest

from ckanext.citizendata.core import lexical


class TestStrangeCharacter:
    @pytest.mark.parametrize("text", ["", "a\tb\nc\r", "نقاط", "𝄞", "\ud7ff\ue000\ufffd"])
    def test_texts_of_xml(self, text: str) -> None:
        """What XML 1.0 can carry isn't strange."""
        assert lexical.strange_character(text) is None

    @pytest.mark.parametrize(
        ("text", "found"),
        [("a\x00b", "\x00"), ("\x01", "\x01"), ("x\x0b", "\x0b"), ("\ufffe", "\ufffe"), ("\ud800", "\ud800")],
    )
    def test_first_strange_one(self, text: str, found: str) -> None:
        """Control characters, non-characters and lone surrogates are named."""
        assert lexical.strange_character(text) == found


class TestIsLanguageTag:
    @pytest.mark.parametrize(
        "tag",
        ["en", "swa", "pt-BR", "zh-Hant-TW", "de-CH-1996", "es-419", "en-x-kibera", "ar-u-nu-latn", "und", "zh-yue"],
    )
    def test_well_formed(self, tag: str) -> None:
        """Language, script, region, variant, extension and private use are taken."""
        assert lexical.is_language_tag(tag)

    @pytest.mark.parametrize("tag", ["", "e", "english language", "en_GB", "en-", "-en", "123", "en--GB", "abcdefghi"])
    def test_malformed(self, tag: str) -> None:
        """Names of languages, underscores and empty parts are no tags."""
        assert not lexical.is_language_tag(tag)


class TestCanonicalTag:
    @pytest.mark.parametrize(
        ("tag", "canonical"),
        [
            ("EN", "en"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("pt-br", "pt-BR"),
            ("en-x-GB", "en-x-gb"),
            ("es-419", "es-419"),
            ("de-ch-1996", "de-CH-1996"),
        ],
    )
    def test_case(self, tag: str, canonical: str) -> None:
        """Scripts have a capital, regions are capitals, all else is small, also after a single letter."""
        assert lexical.canonical_tag(tag) == canonical


class TestAddresses:
    @pytest.mark.parametrize("text", ["https://example.org/a?b#c", "http://例え.example/水", "urn:isbn:1"])
    def test_iri(self, text: str) -> None:
        """An absolute IRI is taken whatever its scheme."""
        assert lexical.is_iri(text)

    @pytest.mark.parametrize("text", ["", "example.org", "/path", "https://a b", "https://a<b>", "https://a\x00"])
    def test_no_iri(self, text: str) -> None:
        """Relative addresses, spaces and brackets are refused."""
        assert not lexical.is_iri(text)

    @pytest.mark.parametrize(
        "text", ["javascript:alert(1)", "ftp://a.example", "https://", "mailto:a@b.example", "https:/a.example"]
    )
    def test_no_link(self, text: str) -> None:
        """A link is a web address; everything else is refused."""
        assert not lexical.is_link(text)

    def test_file_addresses(self) -> None:
        """A file may also be fetched by ftp, never from a script or the reader's own disk."""
        addresses = (
            "ftp://a.example/f",
            "https://a.example/f",
            "file:///etc/passwd",
            "data:text/csv,a",
            "javascript:1",
        )
        assert [lexical.is_file_address(address) for address in addresses] == [True, True, False, False, False]

    def test_file_address_fits_the_index(self) -> None:
        """One that PostgreSQL could not index is refused, lest it end the harvest of all the others."""
        assert not lexical.is_file_address("https://example.org/" + "a" * 2000)

    @pytest.mark.parametrize(
        ("text", "good"),
        [
            ("a.b+c@x-y.example", True),
            ("a@b", False),
            ("a b@c.example", False),
            ("a@b.example,c@d.example", False),
            ("@b.example", False),
        ],
    )
    def test_mail(self, text: str, good: bool) -> None:
        """One address with a domain is taken, a list isn't."""
        assert lexical.is_mail(text) is good

    @pytest.mark.parametrize(
        ("text", "digits"), [("+254 (700) 000-000", "+254700000000"), ("0700.000.1", "07000001"), ("112", "112")]
    )
    def test_phone(self, text: str, digits: str) -> None:
        """What separates groups of digits is taken out."""
        assert lexical.is_phone(text)
        assert lexical.phone_digits(text) == digits

    @pytest.mark.parametrize("text", ["", "call us", "+254x", "++254", "1", "0700000/1"])
    def test_no_phone(self, text: str) -> None:
        """Words, extensions and two numbers in one are refused."""
        assert not lexical.is_phone(text)


class TestIsDate:
    @pytest.mark.parametrize(
        ("text", "good"),
        [
            ("2023", True),
            ("2023-04", True),
            ("2024-02-29", True),
            ("2023-02-29", False),
            ("2023-13", False),
            ("23", False),
            ("2023-4", False),
            ("0000", False),
            ("2023-04-15T00:00", False),
            ("last year", False),
        ],
    )
    def test_calendar(self, text: str, good: bool) -> None:
        """A year, a month or a day is taken if the calendar has it."""
        assert lexical.is_date(text) is good
