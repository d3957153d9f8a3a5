"""Statements as texts: each once, in one order."""

from __future__ import annotations

from random import Random

import pytest

from ckanext.citizendata.core.tokens import lines_of, text_of, text_of_written, written_iri

WRITTEN = [
    "<https://a.example/1> <https://a.example/p> <https://a.example/2> .\n",
    '<https://a.example/1> <https://a.example/p> "a b" .\n',
    '<https://a.example/1> <https://a.example/p> "a b"@ar .\n',
    '<https://a.example/1> <https://a.example/p> "ماء"@ar .\n',
    "_:c1 <https://a.example/p> _:c10 .\n",
    "_:c10 <https://a.example/p> _:c1 .\n",
]


class TestTextOfWritten:
    def test_each_once(self) -> None:
        """However often and in whatever order statements are written, they are said once and sorted."""
        for seed in range(20):
            random = Random(seed)
            lines = random.choices(WRITTEN, k=random.randrange(12))
            assert text_of_written(lines) == "".join(sorted(set(lines)))

    def test_there_and_back(self) -> None:
        """Statements are read from their text as they were."""
        text = text_of_written(WRITTEN)
        assert text_of(reversed(lines_of(text))) == text
        assert [len(line) for line in lines_of(text)] == [3] * len(WRITTEN)


class TestWrittenIri:
    def test_as_written(self) -> None:
        """An IRI that is written as it is."""
        assert written_iri("<https://a.example/é?a=b#c>") == "https://a.example/é?a=b#c"

    @pytest.mark.parametrize("term", ["<a>", "<https://a.example/\\u0020b>", "<https://a.example/%zz>", "<>"])
    def test_lenient(self, term: str) -> None:
        """What only a lenient parser takes for an IRI isn't one that we would write."""
        assert written_iri(term) is None
