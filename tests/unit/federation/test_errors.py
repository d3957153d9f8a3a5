"""What is said of a harvest that fails, to people and to programs."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from ckanext.citizendata.federation.errors import (
    Code,
    HarvestRefused,
    RegistryUnavailable,
    SourceMalformed,
    SourceUnreachable,
)

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "harvest-outcomes.md"


class TestCodes:
    def test_are_all_in_the_reference(self) -> None:
        """And no other; a program may rely on them."""
        lines = PAGE.read_text(encoding="utf-8").splitlines()
        assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == sorted(get_args(Code))


class TestMessages:
    def test_end_with_the_outcome(self) -> None:
        """In reports; where no program reads, the sentence stands alone."""
        error = SourceMalformed("https://a.example.org/c", "the page has a DOCTYPE", 2, "dtd")
        assert error.sentence == "https://a.example.org/c, line 2: the page has a DOCTYPE"
        assert str(error) == f"{error.sentence} [rejected(dtd)]"
        away = SourceUnreachable("https://a.example.org/c", "did not answer in time", "Try again later", "timeout")
        assert str(away) == "https://a.example.org/c did not answer in time. Try again later [failed(timeout)]"

    def test_about_the_registry_itself_stand_alone(self) -> None:
        """They are shown where nobody knows codes; programs ask for the outcome."""
        away, refused = RegistryUnavailable("The search is away"), HarvestRefused("It runs already")
        assert (str(away), away.outcome) == ("The search is away", "failed(registry)")
        assert (str(refused), refused.outcome) == ("It runs already", "refused(running)")
