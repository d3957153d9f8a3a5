"""Answers of a record that don't go together; told as warnings, since only people know which is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.citizendata.core.conformance.wording import ENGLISH, N_, Wording
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.rules.answers import Package, rows, text
from ckanext.citizendata.core.rules.safety import CAREFUL
from ckanext.citizendata.core.schema import Schema

__all__ = ["consistency"]

CODE = "inconsistent"
OPEN_BEFORE_TIME = N_(
    "{embargo}: “{date}” is still to come, but “{access}” says everyone. Say who may get the data till"
    " then, or take the date away."
)
OVER_BEFORE_START = N_("{until}: “{date}” is before “{issued}”, the date of “{first}”: nobody could have used it.")
NO_WAY_OUT = N_("“{possible}” says no, but “{procedure}” says how. Change one of the two.")
WAY_WITHOUT_ANSWER = N_("“{until}” gives a date, but “{possible}” says no. Change one of the two.")
KEPT_TOO_LONG = N_("{retention}: “{date}” is over. Take the files away, or say until when they are kept.")

OPEN_DATA = N_(
    "“{care}” asks for care, but “{open}” says everyone. Safer: keep the data to yourselves, or give them only to"
    " people who ask you first."
)
OPEN_DESCRIPTION = N_(
    "“{care}” asks for care, but “{open}” says everyone. Safer: show the description only to your organisation, or to"
    " partners whom you name."
)
# What lets everyone in, and what to say to it.
OPEN = (("access_rights", "PUBLIC", OPEN_DATA), ("audience", "everyone", OPEN_DESCRIPTION))


def consistency(package: Package, schema: Schema, today: str, wording: Wording = ENGLISH) -> tuple[Problem, ...]:
    """What doesn't go together on the day `today` (2024-03-15), each at the field to look at first."""
    labels = _Labels(schema, wording)
    return (
        *_openness(package, labels),
        *_embargo(package, today, labels),
        *_withdrawal(package, labels),
        *_retention(package, today, labels),
    )


class _Labels:
    """What the reader calls each field."""

    def __init__(self, schema: Schema, wording: Wording) -> None:
        self._wording = wording
        self._names: Mapping[str, str] = {field.name: wording.label(field) for field in schema.fields}

    def problem(self, path: str, sentence: str, fields: Mapping[str, str], **words: str) -> Problem:
        """The sentence with the labels of the fields in it."""
        named = {word: self._names.get(name, name) for word, name in fields.items()}
        return Problem(path, CODE, self._wording.translate(sentence).format(**named, **words), "warning")


def _openness(package: Package, labels: _Labels) -> Iterator[Problem]:
    """What is open to all although the first answer named asks for care; people may have good reasons for both."""
    care = next((question for question, answers in CAREFUL.items() if text(package, question) in answers), None)
    if care is None:
        return
    for name, everyone, sentence in OPEN:
        if text(package, name) == everyone:
            yield labels.problem(name, sentence, {"care": care, "open": name})


def _embargo(package: Package, today: str, labels: _Labels) -> Iterator[Problem]:
    until = text(package, "embargo_until")
    if text(package, "access_rights") == "PUBLIC" and _is_over(today, until):
        fields = {"embargo": "embargo_until", "access": "access_rights"}
        yield labels.problem("embargo_until", OPEN_BEFORE_TIME, fields, date=until)


def _withdrawal(package: Package, labels: _Labels) -> Iterator[Problem]:
    until, issued = text(package, "withdrawal_until"), text(package, "issued")
    if _is_over(until, issued):
        fields = {"until": "withdrawal_until", "first": "issued"}
        yield labels.problem("withdrawal_until", OVER_BEFORE_START, fields, date=until, issued=issued)
    if text(package, "withdrawal_possible") != "no":
        return
    fields = {"possible": "withdrawal_possible", "procedure": "withdrawal_procedure", "until": "withdrawal_until"}
    if package.get("withdrawal_procedure"):
        yield labels.problem("withdrawal_possible", NO_WAY_OUT, fields)
    if until:
        yield labels.problem("withdrawal_possible", WAY_WITHOUT_ANSWER, fields)


def _retention(package: Package, today: str, labels: _Labels) -> Iterator[Problem]:
    for number, period in enumerate(rows(package, "retention_period")):
        end = text(period, "end")
        if _is_over(end, today):
            yield labels.problem(
                f"retention_period[{number}].end", KEPT_TOO_LONG, {"retention": "retention_period"}, date=end
            )


def _is_over(day: str, then: str) -> bool:
    """Whether all of a day, month or year lies before another; nothing lies before or after no date."""
    length = min(len(day), len(then))
    return bool(day and then) and day[:length] < then[:length]
