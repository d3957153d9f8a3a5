"""The translations of our texts."""

from __future__ import annotations

import re
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

PLACEHOLDER = re.compile(r"\{\w+\}")


def _catalogue(language: str, suffix: str) -> Catalog:
    folder = files("ckanext.citizendata").joinpath("i18n", language, "LC_MESSAGES")
    content = BytesIO(folder.joinpath(f"ckanext-citizendata.{suffix}").read_bytes())
    return read_po(content) if suffix == "po" else read_mo(content)


@pytest.mark.parametrize("language", ["ar", "es", "fr"])
class TestCatalogue:
    def test_is_compiled(self, language: str) -> None:
        """What pages read is what the file for translators says; `bin/messages` makes it so."""
        written = {
            message.id: message.string for message in _catalogue(language, "po") if message.id and message.string
        }
        read = {message.id: message.string for message in _catalogue(language, "mo") if message.id}

        assert read == written

    def test_keeps_placeholders(self, language: str) -> None:
        """A translation names each value of the text and no other."""
        wrong = [
            message.id
            for message in _catalogue(language, "po")
            if message.string and sorted(PLACEHOLDER.findall(message.string)) != sorted(PLACEHOLDER.findall(message.id))
        ]

        assert wrong == []
