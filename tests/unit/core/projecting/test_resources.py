"""Which id a file keeps, and which one a new file gets."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.projecting import File, guessed_format, resource_ids

PACKAGE = "8b1f9f0e-0000-5000-8000-000000000000"
PAGE = "https://data.example.org/1"
CSV = File("https://data.example.org/1.csv", PAGE, "Points")
JSON = File("https://data.example.org/1.json", PAGE, "Points")


def ids(described: list[File], **known: File) -> list[str]:
    return resource_ids(PACKAGE, described, known)


class TestKept:
    @pytest.mark.parametrize(
        "now",
        [
            CSV,
            CSV._replace(title="All points"),
            CSV._replace(access="https://data.example.org/other"),
            CSV._replace(download="https://data.example.org/2025.csv"),
            CSV._replace(download="", title=""),
        ],
    )
    def test_as_long_as_a_file_can_be_recognised(self, now: File) -> None:
        """By its address for downloading, else by page and title, else by a page that needs no other address."""
        assert ids([now], a=CSV) == ["a"]

    @pytest.mark.parametrize("now", [JSON._replace(title=""), File(), File(title="Points")])
    def test_but_not_by_less(self, now: File) -> None:
        """One page may lead to many files, and many files may have one title."""
        assert ids([now], a=CSV) != ["a"]

    def test_whatever_the_order(self) -> None:
        """Files of one page keep their ids when the source turns their order around."""
        assert ids([JSON, CSV], a=CSV, b=JSON) == ["b", "a"]

    def test_by_the_surest_sign_first(self) -> None:
        """A renamed file doesn't take the id of the one that still has its name."""
        renamed = CSV._replace(title="Old points")
        assert ids([renamed, CSV], a=CSV) == [ids([renamed, CSV], a=CSV)[0], "a"]

    def test_once_each(self) -> None:
        """Of twins, one is new."""
        first, second = ids([CSV, CSV], a=CSV)
        assert first == "a"
        assert second not in ("", "a")

    def test_in_order_among_twins(self) -> None:
        """Files that nothing tells apart keep their places."""
        assert ids([File(), File()], a=File(), b=File()) == ["a", "b"]


class TestNew:
    def test_the_same_at_each_attempt(self) -> None:
        """A run that broke off and starts again gives the same ids."""
        assert ids([CSV, JSON]) == ids([CSV, JSON])

    def test_different_for_each_file(self) -> None:
        """Also for twins, and for the same file of another package."""
        found = [*ids([CSV, CSV, JSON]), *resource_ids("other", [CSV], {})]
        assert len(set(found)) == 4

    def test_never_one_that_is_there(self) -> None:
        """The id that was derived for a file which has another address by now."""
        (derived,) = ids([CSV])
        assert resource_ids(PACKAGE, [CSV], {derived: File("https://elsewhere.example.org/")}) != [derived]


class TestGuessedFormat:
    @pytest.mark.parametrize(
        ("address", "found"),
        [
            ("https://data.example.org/points.csv", "text/csv"),
            ("https://data.example.org", None),
            ("https://data.example.org/points", None),
            ("http://[broken", None),
        ],
    )
    def test_is_the_media_type_of_the_end(self, address: str, found: str | None) -> None:
        """None for an address that tells none."""
        assert guessed_format(address) == found
