"""What of a harvested value can be shown: nobody can mend it here, so that only what is bad is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.bounds import MOST_VALUES
from ckanext.citizendata.core.conformance.check import check_value
from ckanext.citizendata.core.depth import shallow
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["readable_part"]

# Pages show these as they are: long texts whole, tags as letters.
SHOWN_ANYWAY = frozenset({"too_long", "markup"})


def readable_part(model: Model, field: Field, value: Any) -> Any:
    """The value without its bad texts, words and items; None where nothing is left.

    {"en": "Water", "not a tag": "x"} -> {"en": "Water"}, ["KEN", "KENYA"] -> ["KEN"], "2023-13" -> None
    """
    value = shallow(value)
    if isinstance(value, Mapping):
        value = _texts(model, field, value)
    elif isinstance(value, list):
        value = [item for item in value[:MOST_VALUES] if _is_readable(model, field, [item])]
    return value if _is_readable(model, field, value) else None


def _texts(model: Model, field: Field, texts: Mapping[Any, Any]) -> dict[Any, Any]:
    kept: dict[Any, Any] = {}
    for tag, text in texts.items():
        if isinstance(text, list):
            text = [word for word in text if _is_readable(model, field, {tag: [word]})]
        # Beside those before it: of two texts in one language the first is shown.
        if _is_readable(model, field, {**kept, tag: text}):
            kept[tag] = text
    return kept


def _is_readable(model: Model, field: Field, value: Any) -> bool:
    problems = check_value(model, field, value)
    return all(problem.severity == "warning" or problem.code in SHOWN_ANYWAY for problem in problems)
