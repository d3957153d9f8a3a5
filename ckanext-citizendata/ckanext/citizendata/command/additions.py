"""What a catalogue adds to the model, as options name it, and what the commands end with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from yaml import YAMLError

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance.wording import printable
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema_reading import SchemaError
from ckanext.citizendata.core.vocabulary import VocabularyError
from ckanext.citizendata.exchange.errors import Unusable

__all__ = ["CLEAN", "UNUSABLE", "WRONG", "fields_option", "lists_in", "lists_option", "model_with", "stop"]

CLEAN, WRONG, UNUSABLE = 0, 1, 2

fields_option = click.option(
    "--fields", multiple=True, metavar="FILE", help="Fields that a catalogue adds to the schema."
)
lists_option = click.option("--lists", multiple=True, metavar="FOLDER", help="Code lists that a catalogue adds.")


def model_with(fields: Sequence[str], lists: Sequence[str]) -> Model:
    """The model of datasets with these files and folders; raises `Unusable` for one that can't be used."""
    lists_in(lists)
    try:
        return catalogue_model.load(additions=catalogue_model.Additions(tuple(fields), tuple(lists)))
    except OSError as error:
        raise Unusable(f"The file {error.filename} can't be read: {error.strerror}") from error
    except (SchemaError, VocabularyError, YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"The fields or lists can't be used: {' '.join(str(error).split())}") from error


def lists_in(folders: Sequence[str]) -> dict[str, str]:
    """The Turtle of each code list in the folders, by name; raises `Unusable` for a folder without one."""
    texts: dict[str, str] = {}
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise Unusable(f"There is no folder {folder}")
        found = sorted(folder.glob("*.ttl"))
        if not found:
            raise Unusable(f"There is no code list (*.ttl) in the folder {folder}")
        for path in found:
            try:
                texts[path.stem] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Unusable(f"{path} can't be read: {error}") from error
    return texts


def stop(sentence: str) -> NoReturn:
    """Says the sentence and ends the command."""
    click.echo(printable(f"Error: {sentence}"), err=True)
    sys.exit(UNUSABLE)
