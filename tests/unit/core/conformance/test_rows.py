"""Rules for rows and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ckanext.citizendata.core.conformance import check_package
from ckanext.citizendata.core.mapping import Model

Check = Callable[[str, Any], list[tuple[str, str]]]
CheckPackage = Callable[..., list[tuple[str, str]]]


class TestRows:
    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([{"name": "Desk", "mail": "desk@example.org", "start": "2023-05-01", "end": "2023"}], []),
            ([{}, {"name": "", "mail": " "}], []),
            ([{}, {"name": "Desk", "mail": "x", "phone": " "}], [("contact[1].mail", "no_mail")]),
            ([{"mail": "desk@example.org"}], [("contact[0].name", "missing")]),
            ([{"name": "Desk"}], [("contact[0].mail", "one_of")]),
            (
                [{"name": "Desk", "phone": "+254700000000", "mail": "x"}, {"name": "B", "mail": "y"}],
                [("contact[0].mail", "no_mail"), ("contact[1].mail", "no_mail")],
            ),
            ([{"name": "A", "mail": "a@b.c", "start": "2024", "end": "2023-12"}], [("contact[0].end", "order")]),
            ([{"name": "A", "mail": "a@b.c", "start": "2024-05", "end": "2024"}], []),
            ([{"name": "A", "mail": "a@b.c", "start": 5, "end": "2024"}], [("contact[0].start", "no_date")]),
            ([{"name": "A", "mail": "a@b.c", "fax": "1"}], [("contact[0].fax", "unknown_field")]),
            ([{"name": "A", "mail": "a@b.c"}] * 2, [("contact[1]", "twice")]),
            (
                [{"name": name, "mail": "a@b.c"} for name in "ABC"],
                [("contact[2]", "too_many")],
            ),
            (["Desk"], [("contact[0]", "not_understood")]),
            ("Desk", [("contact", "not_understood")]),
            ({"name": "Desk"}, [("contact", "not_understood")]),
        ],
    )
    def test_each_part(self, value: Check, rows: Any, expected: list[tuple[str, str]]) -> None:
        """Every part by its rule, and the row as a whole; an empty row is nothing."""
        assert value("contact", rows) == expected

    def test_words(self, model: Model) -> None:
        """A message names the row, its number as people count, and the part."""
        rows = [{"name": "A", "mail": "a@b.c"}, {"mail": "x"}, {"name": "B"}]
        told = {problem.path: problem.message for problem in check_package(model, {"contact": rows})}
        assert told["contact[1].mail"] == "Contact 2, Mail: “x” can't be taken."
        assert told["contact[1].name"] == "Contact 2, Name: is needed."
        assert told["contact[2].mail"] == "Contact 3, Mail: give at least one of: Mail, Phone."
        assert told["contact[2]"] == "Contact: “3” can't be taken."


class TestFiles:
    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ([{"url": "https://example.org/a.csv", "format": "KEN", "mimetype": "text/csv", "position": 1}], []),
            ([{"url": "ftp://example.org/a.csv", "format": "My format"}], []),
            ([{"url": "a.csv", "url_type": "upload"}], []),
            ([{"url": "a.csv"}], [("resources[0].url", "no_address")]),
            ([{}, {"format": "CSV"}], [("resources[1].url", "missing")]),
            ([{"url": "https://example.org/a.csv", "mimetype": "csv"}], [("resources[0].mimetype", "pattern")]),
            ([{"url": "https://example.org/a", "uri": "a b"}], [("resources[0].uri", "no_address")]),
            ([{"url": "https://example.org/a", "uri": "urn:x:1"}], []),
            ([{"url": "https://example.org/a", "colour": "red"}], [("resources[0].colour", "unknown_field")]),
            (["a.csv"], [("resources[0]", "not_understood")]),
            ("a.csv", [("resources", "not_understood")]),
        ],
    )
    def test_each_file(self, package: CheckPackage, files: Any, expected: list[tuple[str, str]]) -> None:
        """A file is at an address or uploaded; what CKAN itself keeps of it is no one's mistake."""
        assert package(resources=files) == expected
