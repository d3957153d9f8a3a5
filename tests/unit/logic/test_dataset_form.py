"""What a posted form means."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.citizendata.logic.dataset_form import FormShape, package_from_form

SHAPE = FormShape(
    texts=frozenset({"title_translated"}),
    singles=frozenset({"audience"}),
    lists=frozenset({"country"}),
    rows={"contact": frozenset(), "engagement": frozenset({"who"})},
)
EMPTY: dict[str, Any] = {"title_translated": {}, "country": [], "contact": [], "engagement": []}


class TestPackageFromForm:
    @pytest.mark.parametrize(
        ("typed", "means"),
        [
            ([], {}),
            ([("audience", " everyone ")], {"audience": "everyone"}),
            ([("audience", "")], {"audience": ""}),
            ([("country", "KEN"), ("country", ""), ("country", "KEN")], {"country": ["KEN"]}),
            (
                [("title_translated-en", "A"), ("title_translated-zh-Hant", "B"), ("title_translated-fr", " ")],
                {"title_translated": {"en": "A", "zh-Hant": "B"}},
            ),
            (
                [("contact-7-name", "Late"), ("contact-0-name", "Early"), ("contact-3-name", "")],
                {"contact": [{"name": "Early"}, {"name": "Late"}]},
            ),
            (
                [("engagement-0-stage", "design"), ("engagement-1-stage", "use"), ("engagement-1-who", "cbo")],
                {"engagement": [{"stage": "use", "who": ["cbo"]}]},
            ),
            ([("save", "publish"), ("state", "active"), ("private", "False"), ("contact-x-name", "A")], {}),
        ],
    )
    def test_reads_what_was_typed(self, typed: list[tuple[str, str]], means: dict[str, Any]) -> None:
        """Blanks are dropped, several answers stay a list, and what is no field is ignored."""
        assert package_from_form(MultiDict(typed), SHAPE) == EMPTY | means
