"""Where rules put what they find, in the words of one reader."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.citizendata.core.conformance.wording import N_, Wording, printable, shortened
from ckanext.citizendata.core.problem import Problem, Severity
from ckanext.citizendata.core.schema import Field

__all__ = ["Report"]

# To look for what somebody may have meant takes a twentieth of a second in a long list; beyond these, nobody reads on.
SUGGESTIONS = 10
REFUSED = N_("{field}: “{value}” can't be taken. {advice}")


class Report:
    """The problems of one value or package, in the order of finding.

    While a row is checked, `row` is its field and number, and labels say so: Contact 2, E-mail.
    """

    __slots__ = ("problems", "row", "suggestions", "wording")

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.problems: list[Problem] = []
        self.row: tuple[Field, int] | None = None
        self.suggestions = SUGGESTIONS

    def refuse(self, path: str, code: str, field: Field, value: object, advice: str, **words: object) -> None:
        """Adds an error: the value can't be taken, and `advice`, a sentence in English, says what would be right."""
        translate = self.wording.translate
        shown = shortened(value)
        refused = translate(REFUSED).format(field=self.label(field), value=shown, advice="").rstrip()
        self.add(path, code, refused, advice=self._filled(advice, words))

    def doubt(self, path: str, code: str, field: Field, sentence: str, **words: object) -> None:
        """Adds a warning; `sentence` is in English and names the {field}."""
        told = self.wording.translate(sentence).format(field=self.label(field), **words)
        self.add(path, code, told, severity="warning")

    def ask(self, path: str, code: str, field: Field, advice: str, **words: object) -> None:
        """Adds an error about an answer: `Contact 1, Name: is needed.`"""
        self.add(path, code, f"{self.label(field)}: {self._filled(advice, words)}")

    def add(self, path: str, code: str, message: str, severity: Severity = "error", advice: str = "") -> None:
        """Adds a problem whose words are already the reader's."""
        self.problems.append(Problem(printable(path), code, printable(message), severity, printable(advice)))

    def label(self, field: Field) -> str:
        """What the reader calls the field, with its row."""
        own = self.wording.label(field)
        return own if self.row is None else f"{self.wording.label(self.row[0])} {self.row[1] + 1}, {own}"

    def _filled(self, sentence: str, words: Mapping[str, object]) -> str:
        """The sentence in the reader's language; one without words of its own may show braces of JSON."""
        told = self.wording.translate(sentence) if sentence else ""
        return told.format(**words) if words else told
