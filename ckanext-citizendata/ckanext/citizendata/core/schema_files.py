"""What the files of `schemas/` say together: shared parts put in their places, a site's own fields added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.citizendata.core.shape import SchemaError

__all__ = ["with_additions", "with_parts"]

Document = Mapping[str, Any]
LISTS = ("dataset_fields", "fields", "resource_fields")
ADDED = ("sections", *LISTS)
USE = "use"
AFTER = "after"


def with_parts(document: Document, parts: Mapping[str, Sequence[Document]]) -> dict[str, Any]:
    """The document with every `- use: name` replaced by the shared parts of that name.

    Raises `SchemaError` with the field for a name that isn't shared.
    """
    whole = dict(document)
    for name in LISTS:
        if name in document:
            whole[name] = [_filled(entry, parts) for entry in document[name]]
    return whole


def _filled(entry: Document, parts: Mapping[str, Sequence[Document]]) -> dict[str, Any]:
    if "repeating_subfields" not in entry:
        return dict(entry)
    path = str(entry.get("field_name"))
    return {**entry, "repeating_subfields": list(_taken(path, entry["repeating_subfields"], parts))}


def _taken(path: str, entries: Sequence[Document], parts: Mapping[str, Sequence[Document]]) -> Iterator[Document]:
    for entry in entries:
        if USE not in entry:
            yield entry
        elif entry[USE] not in parts:
            raise SchemaError(f"{path}: use: {entry[USE]!r} isn't one of {', '.join(sorted(parts))}")
        else:
            yield from parts[entry[USE]]


def with_additions(document: Document, additions: Sequence[Document]) -> dict[str, Any]:
    """The document with the sections and fields of a site's own files, each behind the one that it names in `after`.

    A list that the document doesn't have is for another schema of the same file.

    Raises `SchemaError` for a field that is there already, a name in `after` that isn't, and any other key: a site adds
    to the shipped list and changes nothing of it.
    """
    whole = dict(document)
    for addition in additions:
        for key in addition:
            if key not in ADDED:
                raise SchemaError(f"{key}: a file of additions has only {', '.join(ADDED)}")
        for key in (key for key in ADDED if key in document):
            for entry in addition.get(key) or ():
                whole[key] = _placed(key, list(whole[key]), entry)
    return whole


def _placed(key: str, entries: list[Document], entry: Document) -> list[Document]:
    id_key = "name" if key == "sections" else "field_name"
    names = [known.get(id_key) for known in entries]
    name = entry.get(id_key)
    if name in names:
        raise SchemaError(f"{name}: {id_key}: there is one of this name already; choose another")
    after = entry.get(AFTER)
    if after is not None and after not in names:
        raise SchemaError(f"{name}: after: there is no {after!r} to stand behind")
    place = len(entries) if after is None else names.index(after) + 1
    added = {known: value for known, value in entry.items() if known != AFTER}
    return [*entries[:place], added, *entries[place:]]
