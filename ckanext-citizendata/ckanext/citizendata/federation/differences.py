"""Two readings of one record beside each other: field by field, old and new, in the words of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.projecting import Values
from ckanext.citizendata.core.schema import Field

__all__ = ["Difference", "differences"]

RESOURCES = "resources"
# What a file is told from the others by, the first of them that it has.
NAMES_OF_FILES = ("download_url", "url", "uri", "name")
NOTHING = Values({})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else: `field` as programs name it (`title_translated.en`, `resources[…].format`).

    `old` and `new` are values as the API has them, None for nothing; the words are the same for people. Of a list the
    words are only what went and what came.
    """

    field: str
    label: str
    old: Any
    new: Any
    old_words: str
    new_words: str


def differences(model: Model, before: Values | None, after: Values, wording: Wording) -> Iterator[Difference]:
    """What is different on the page of a record, in the order of its fields, those of its files last.

    {"title_translated": {"en": "Water"}}, {"title_translated": {"en": "Clean water"}} -> Title (en): Water, Clean water
    """
    before = before or NOTHING
    reader = _Reader(model, wording)
    yield from reader.of_fields(model.schema.fields, "", before.package, after.package)
    yield from reader.of_files(before.files, after.files)


@dataclass(frozen=True, slots=True)
class _Reader:
    model: Model
    wording: Wording

    def of_fields(
        self, fields: Sequence[Field], path: str, old: Mapping[str, Any], new: Mapping[str, Any], of: str = ""
    ) -> Iterator[Difference]:
        for field in fields:
            was, is_ = old.get(field.name), new.get(field.name)
            if was != is_:
                yield from self._of_field(field, path + field.name, of + self.wording.label(field), was, is_)

    def _of_field(self, field: Field, path: str, label: str, old: Any, new: Any) -> Iterator[Difference]:
        if field.kind == "rows" or not (isinstance(old, Mapping) or isinstance(new, Mapping)):
            yield self._difference(field, path, label, old, new)
            return
        # Texts and keywords by language: only the languages that say something else.
        old, new = (each if isinstance(each, Mapping) else {} for each in (old, new))
        for tag in dict.fromkeys([*old, *new]):
            if old.get(tag) != new.get(tag):
                yield self._difference(field, f"{path}.{tag}", f"{label} ({tag})", old.get(tag), new.get(tag))

    def _difference(self, field: Field, path: str, label: str, old: Any, new: Any) -> Difference:
        words = [[self._words(field, part) for part in _parts(value)] for value in (old, new)]
        went, came = _only(words[0], words[1]), _only(words[1], words[0])
        # Where nothing went and nothing came, the order is another one.
        old_words, new_words = (went, came) if went or came else words
        return Difference(path, label, old, new, "; ".join(old_words), "; ".join(new_words))

    def _words(self, field: Field, part: Any) -> str:
        if isinstance(part, Mapping):
            return self._row(field.subfields, part)
        vocabulary = self.model.vocabularies.get(field.vocabulary or "")
        return vocabulary.label(part, self.wording.language) if vocabulary and part in vocabulary else str(part)

    def _row(self, fields: Iterable[Field], row: Mapping[str, Any]) -> str:
        answered = [(field, row[field.name]) for field in fields if field.name in row]
        return ", ".join(
            f"{self.wording.label(field)}: {'; '.join(self._words(field, part) for part in _parts(value))}"
            for field, value in answered
        )

    def of_files(self, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
        fields = self.model.schema.resource_fields
        before, after = _by_name(old), _by_name(new)
        for key in dict.fromkeys([*before, *after]):
            path, was, is_ = f"{RESOURCES}[{key[0]}]", before.get(key), after.get(key)
            if was is not None and is_ is not None:
                yield from self.of_fields(fields, f"{path}.", was, is_, f"File {was.get('name') or key[0]}: ")
            else:
                words = (self._row(fields, each) if each else "" for each in (was, is_))
                yield Difference(path, "File", was, is_, *words)


def _parts(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of the words that the others lack, each as often as it is missing there."""
    left = Counter(others)
    found: list[str] = []
    for each in words:
        if left[each]:
            left[each] -= 1
        else:
            found.append(each)
    return found


def _by_name(files: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """The files by address, and by their place among those at one address."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for file in files:
        name = next((str(file[part]) for part in NAMES_OF_FILES if file.get(part)), "")
        found[name, seen[name]] = file
        seen[name] += 1
    return found
