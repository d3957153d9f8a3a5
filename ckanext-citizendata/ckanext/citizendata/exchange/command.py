"""The command `citizendata`: checks files and code lists, with or without CKAN."""

from __future__ import annotations

import gettext
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from yaml import YAMLError

# setup.py maps the folder in, where pyright doesn't look.
from ckanext.citizendata import catalogue_model
from ckanext.citizendata import vocabularies as shipped  # pyright: ignore[reportAttributeAccessIssue]
from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.lexical import is_language_tag
from ckanext.citizendata.core.schema import SchemaError
from ckanext.citizendata.core.vocabulary import VocabularyError, language_chain
from ckanext.citizendata.core.vocabulary_check import check_vocabularies
from ckanext.citizendata.exchange.checking import Checker
from ckanext.citizendata.exchange.documents import document_from
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.report import FileReport, json_line, lines
from ckanext.citizendata.exchange.shacl import shapes_from
from ckanext.citizendata.exchange.sources import source_of

__all__ = ["check", "main", "validate", "vocabularies"]

CLEAN, WRONG, UNUSABLE = 0, 1, 2
DOMAIN = "ckanext-citizendata"
TRANSLATIONS = Path(__file__).parents[1] / "i18n"
# Seconds between two lines about how far it is.
PATIENCE = 2.0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check descriptions of citizen data, and code lists, without a catalogue at hand."""


@main.command(short_help="Check the descriptions in a file.")
@click.argument("files", metavar="FILE|URL...", nargs=-1, required=True)
@click.option("--shacl", is_flag=True, help="Check with SHACL shapes too; needs pyshacl.")
@click.option("--shapes", multiple=True, metavar="FILE", help="Further SHACL shapes; implies --shacl.")
@click.option("--json", "as_json", is_flag=True, help="Write one line of JSON a file, for programs.")
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="Language of the messages: fr, es, ar."
)
@click.option("--fields", multiple=True, metavar="FILE", help="Fields that a catalogue adds to the schema.")
@click.option("--lists", multiple=True, metavar="FOLDER", help="Code lists that a catalogue adds.")
def validate(files: tuple[str, ...], as_json: bool, **wishes: Any) -> None:
    """Check the datasets that files or web pages describe.

    Read are Turtle, RDF/XML, JSON-LD, N-Triples, N-Quads, TriG, JSON of CKAN, and the spreadsheet that people fill in.
    The exit code is 0 without errors, 1 with errors, 2 for what can't be read.
    """
    try:
        checker = _checker(**wishes)
    except Unusable as error:
        _stop(str(error))
    sys.exit(max([_checked(checker, file, as_json) for file in files]))


@main.group(short_help="Code lists.")
def vocabularies() -> None:
    """Work on code lists."""


@vocabularies.command("check", short_help="Check code lists.")
@click.argument("folders", metavar="[FOLDER...]", nargs=-1)
def check(folders: tuple[str, ...]) -> None:
    """Check the SKOS files (*.ttl) in folders; without a folder, those that are shipped.

    A file under the name of a shipped list adds entries to that. The exit code is 0 without errors, 1 with errors, 2
    for what can't be read.
    """
    own = {name: shipped.read(name) for name in shipped.names()}
    try:
        texts = _lists_in(folders) if folders else own
    except Unusable as error:
        _stop(str(error))
    problems = check_vocabularies(texts, own)
    for problem in problems:
        click.echo(f"{problem.path}: {problem.message}")
    click.echo(f"{len(texts)} lists checked: {len(problems) or 'no'} errors.")
    sys.exit(WRONG if problems else CLEAN)


def _checker(shacl: bool, shapes: Sequence[str], language: str, fields: Sequence[str], lists: Sequence[str]) -> Checker:
    wording = _wording(language)
    _lists_in(lists)
    try:
        model = catalogue_model.load(additions=catalogue_model.Additions(tuple(fields), tuple(lists)))
    except OSError as error:
        raise Unusable(f"The file {error.filename} can't be read: {error.strerror}") from error
    except (SchemaError, VocabularyError, YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"The fields or lists can't be used: {' '.join(str(error).split())}") from error
    return Checker(model, catalogue_model.profile(), wording, shapes_from(shapes) if shacl or shapes else None)


def _wording(language: str) -> Wording:
    if not is_language_tag(language):
        raise Unusable(f"“{language}” is no language; write its tag, as in fr, es or ar")
    tags = [tag.replace("-", "_") for tag in language_chain(language)]
    texts = gettext.translation(DOMAIN, TRANSLATIONS, languages=tags, fallback=True)
    return Wording(language, texts.gettext)


def _checked(checker: Checker, file: str, as_json: bool) -> int:
    """Checks one file and says what became of it; the exit code."""
    try:
        document = document_from(checker.model, source_of(file))
    except Unusable as error:
        if as_json:
            click.echo(json.dumps({"file": file, "error": str(error)}, ensure_ascii=False))
        click.echo(f"Error: {error}", err=True)
        return UNUSABLE
    report = FileReport(file, document.kind, document.problems)
    said = time.monotonic()
    for number, record in enumerate(document.records, 1):
        report.records.append(checker.check(record))
        if time.monotonic() - said > PATIENCE:
            said = time.monotonic()
            click.echo(f"{file}: {number} of {len(document.records)} datasets checked", err=True)
    click.echo(json_line(report) if as_json else "\n".join(lines(report, checker.wording)))
    return WRONG if report.count("error") else CLEAN


def _lists_in(folders: Sequence[str]) -> dict[str, str]:
    """The Turtle of each code list in the folders, by name."""
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


def _stop(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(UNUSABLE)


if __name__ == "__main__":
    main(prog_name="citizendata")
