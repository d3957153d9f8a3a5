"""What is wrong with the answers in a form: told beside each box, and once more above all, with the way to the box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Question = Mapping[str, Any]
Answers = Mapping[str, Any]
Errors = Mapping[str, Any]

__all__ = ["Fault", "faults_of", "wrong_field", "wrong_part"]

FILES = "resources"
# Its rows stand in the order of the steps, not in that of the answers.
IN_OWN_ORDER = ("citizendata_engagement",)


@dataclass(frozen=True)
class Fault:
    """A sentence, and the id of the box that it is about; none where the page has no such box."""

    text: str
    box: str | None


def wrong_field(errors: Errors | None, field: Question) -> Sequence[str]:
    """What is wrong with a question as a whole: all that isn't about one box of one of its rows."""
    parts = _asked_parts(field)
    return tuple(text for _, part, text in _told(errors, field["field_name"]) if part not in parts)


def wrong_part(errors: Errors | None, name: str, row: int, part: str) -> Sequence[str]:
    """What is wrong with one box of one row."""
    return tuple(text for number, own, text in _told(errors, name) if (number, own) == (row, part))


def faults_of(errors: Errors, fields: Sequence[Question], files: Sequence[Question], data: Answers) -> Sequence[Fault]:
    """All that is wrong, in the order of the questions: those of the page, its boxes for a file, then what it hasn't.

    `data` are the answers: the boxes for files hold those that aren't stored yet.
    """
    asked = [each["field_name"] for each in fields]
    above = [fault for field in fields for fault in _of_question(errors, field)]
    boxes = _boxes_of_files(data.get(FILES) or ())
    beside = [Fault(text, _box_of_file(boxes.get(row), part, files)) for row, part, text in _told(errors, FILES)]
    rest = [Fault(text, None) for name in errors if name not in (*asked, FILES) for _, _, text in _told(errors, name)]
    return tuple(dict.fromkeys([*above, *beside, *rest]))


def _of_question(errors: Errors, field: Question) -> Iterator[Fault]:
    box = f"field-{field['field_name']}"
    parts = _asked_parts(field)
    for row, part, text in _told(errors, field["field_name"]):
        yield Fault(text, f"{box}-{row}-{part}" if part in parts else box)


def _asked_parts(field: Question) -> Sequence[str]:
    if field.get("preset") in IN_OWN_ORDER:
        return ()
    return [each["field_name"] for each in field.get("repeating_subfields", ())]


def _boxes_of_files(files: Sequence[Mapping[str, Any]]) -> Mapping[int | None, int]:
    """The row of boxes in which each file stands, by its place among all."""
    typed = [place for place, file in enumerate(files) if not file.get("id")]
    return {place: row for row, place in enumerate(typed)}


def _box_of_file(row: int | None, part: str | None, files: Sequence[Question]) -> str:
    asked = [each["field_name"] for each in files]
    return f"field-{FILES}-{row}-{part}" if row is not None and part in asked else "cd-files"


def _told(errors: Errors | None, name: str) -> Iterator[tuple[int | None, str | None, str]]:
    """Each sentence about a field, with the row and the part of it that it is about."""
    said = (errors or {}).get(name) or []
    for row, each in enumerate([said] if isinstance(said, str) else said):
        if isinstance(each, Mapping):
            for part, texts in each.items():
                yield from ((row, part, text) for text in _texts(texts))
        else:
            yield None, None, str(each)


def _texts(said: Any) -> Sequence[str]:
    return [said] if isinstance(said, str) else [str(each) for each in said]
